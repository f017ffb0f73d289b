"""Promises about which addresses are one page."""

from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from store.web.page_policy import LONGEST_QUERY, known_query

KNOWN = frozenset({"q", "sort", "page"})
names = st.sampled_from(["q", "sort", "page", "utm_source", "fbclid", "Q", ""])
pairs = st.lists(st.tuples(names, st.text(max_size=8)), max_size=8)


@given(pairs)
def test_canonical_query_is_its_own_canonical_form(given_pairs: list[tuple[str, str]]) -> None:
    query = known_query(urlencode(given_pairs), KNOWN)

    assert query is not None
    assert known_query(query, KNOWN) == query


@given(pairs)
def test_order_of_names_makes_no_difference(given_pairs: list[tuple[str, str]]) -> None:
    by_name = sorted(given_pairs, key=lambda pair: pair[0], reverse=True)

    assert known_query(urlencode(by_name), KNOWN) == known_query(urlencode(given_pairs), KNOWN)


@given(pairs)
def test_view_sees_every_known_value_and_no_other(given_pairs: list[tuple[str, str]]) -> None:
    seen = parse_qsl(known_query(urlencode(given_pairs), KNOWN) or "", keep_blank_values=True)

    assert sorted(seen) == sorted(pair for pair in given_pairs if pair[0] in KNOWN)


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60))
def test_no_query_is_too_strange(raw: str) -> None:
    query = known_query(raw, KNOWN)

    assert query is None or len(query) <= LONGEST_QUERY


def test_many_parameters_are_not_kept() -> None:
    assert known_query("&".join(["q=1"] * 1000), KNOWN) is None


@given(pairs)
def test_order_and_number_of_choices_make_no_difference(given_pairs: list[tuple[str, str]]) -> None:
    choices = frozenset({"sort"})
    shuffled = sorted(given_pairs * 2, key=lambda pair: pair[0] == "sort", reverse=True)
    once = [pair for pair in shuffled if pair[0] == "sort"][::-1]
    others = [pair for pair in given_pairs if pair[0] != "sort"]

    assert known_query(urlencode([*once, *others]), KNOWN, choices) == known_query(
        urlencode(given_pairs), KNOWN, choices
    )


def test_choice_of_nothing_is_none() -> None:
    assert known_query("sort=&q=", KNOWN, frozenset({"sort"})) == "q="


def test_thousands_of_unknown_parameters_hide_no_known_one() -> None:
    unknown = "&".join(f"p{number}=1" for number in range(1_500))

    assert known_query(f"{unknown}&q=tee&{unknown}", KNOWN) == "q=tee"


def test_bytes_that_are_no_text_stay_as_they_were_quoted() -> None:
    assert known_query("q=%ff", KNOWN) == known_query("q=\xff", KNOWN) == "q=%25FF"


def test_what_is_read_once_counts_as_it_was_given_first() -> None:
    assert known_query("q=a&page=2&q=b", KNOWN, first_only=True) == "page=2&q=a"
