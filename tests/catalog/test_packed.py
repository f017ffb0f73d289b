"""Promises about what is known of all products: it answers as dicts and lists would."""

from hypothesis import given
from hypothesis import strategies as st

from store.catalog.packed import Places, Titles

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=1, max_size=8)


def titles_of(texts: list[str]) -> Titles:
    titles = Titles(b"")
    text = b""
    for one in texts:
        text += one.encode()
        titles.ends.append(len(text))
    return Titles(text, titles.ends)


@given(st.lists(st.integers(1, 50), unique=True, max_size=20))
def test_each_product_stands_where_it_was_read_whatever_came_first(ids: list[int]) -> None:
    places = Places(ids)

    assert [places.get(number) for number in ids] == list(range(len(ids)))
    assert list(places.of(range(60))) == [ids.index(n) for n in sorted(ids)]


@given(TEXTS, st.data())
def test_renamed_titles_stand_among_those_that_stayed(
    texts: list[str], data: st.DataObject
) -> None:
    renamed = data.draw(
        st.dictionaries(
            st.integers(0, len(texts) - 1), st.text(st.characters(codec="utf-8"), max_size=9)
        )
    )

    titles = titles_of(texts).changed({place: one.encode() for place, one in renamed.items()})

    wanted = [renamed.get(place, one) for place, one in enumerate(texts)]
    assert [titles[place].decode() for place in range(len(texts))] == wanted
