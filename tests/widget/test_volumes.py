"""Whether what lies packed in a volume is what was put into it, and what was said since."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from store.widget.volumes import SPAN, WORTHS, AmendedVolume, Told, Volume, key_of

TERMS = ("swim", "harbour", "tee", "mug", "drag", "cafe", "night shift")
FIRST = 3 * SPAN


def told_of(number: int, terms: list[tuple[str, int]]) -> Told:
    """Let each term stand in one place alone, as it does in a product."""
    places = dict(terms)
    words = tuple(frozenset(t for t, at in places.items() if at == i) for i in range(len(WORTHS)))
    return Told(number + 1, words)


said = st.lists(st.tuples(st.sampled_from(TERMS), st.integers(0, len(WORTHS) - 1)), max_size=5)
# Many of them, so that some postings are packed, and far from each other.
catalogues = st.dictionaries(st.integers(0, SPAN - 1), said, min_size=1, max_size=120).map(
    lambda found: {place: told_of(place, terms) for place, terms in sorted(found.items())}
)


def spoken(told: Mapping[int, Told], term: str) -> list[tuple[int, int]]:
    return sorted(
        (FIRST + place, worth)
        for place, product in told.items()
        for worth, terms in zip(WORTHS, product.words, strict=True)
        if term in terms
    )


def read(volume: Volume | AmendedVolume, term: str) -> list[tuple[int, int]]:
    postings = volume.postings(key_of(term), first=FIRST)
    return sorted((number, worth) for worth, numbers in postings for number in numbers)


@given(told=catalogues)
def test_volume_says_who_speaks_of_each_word(told: Mapping[int, Told]) -> None:
    volume = Volume(told.items())

    assert volume.size == len(told)
    for term in (*TERMS, "nobody"):
        assert read(volume, term) == spoken(told, term)
        assert volume.count(key_of(term)) == len(spoken(told, term))


@given(told=catalogues, since=catalogues, gone=st.sets(st.integers(0, SPAN - 1), max_size=20))
def test_amended_volume_is_one_that_was_written_anew(
    told: Mapping[int, Told], since: Mapping[int, Told], gone: set[int]
) -> None:
    gone = {*gone, *list(told)[::3]} - set(since)
    amended = AmendedVolume(Volume(told.items()), {**since, **dict.fromkeys(gone)})
    now = {place: product for place, product in {**told, **since}.items() if place not in gone}

    assert amended.size == len(now)
    for term in TERMS:
        assert read(amended, term) == spoken(now, term)
        assert amended.count(key_of(term)) == len(spoken(now, term))
    for place in told:
        assert amended.digest(place) == (now[place].digest if place in now else 0)
