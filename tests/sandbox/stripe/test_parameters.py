from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from store.sandbox.stripe.currencies import written
from store.sandbox.stripe.errors import RefusalError
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.totals import coupon_discount, spread

names = st.text("abcdefgh_", min_size=1, max_size=6)
leaves = st.text(max_size=8)
trees = st.dictionaries(
    names,
    st.recursive(leaves, lambda t: st.dictionaries(names, t, min_size=1, max_size=3), max_leaves=8),
    max_size=4,
)


@given(trees)
def test_what_the_sdk_encodes_is_decoded(tree: dict[str, Any]) -> None:
    pairs = parse_qsl(urlencode(list(_api_encode(tree))), keep_blank_values=True)

    assert Parameters.decoded(pairs)._fields == tree


def test_arrays_come_in_their_order() -> None:
    parameters = Parameters.decoded([(f"names[{n}]", str(n)) for n in (10, 9, 2, 0)])

    assert parameters.texts("names") == ["0", "2", "9", "10"]


def test_empty_brackets_count_upwards() -> None:
    parameters = Parameters.decoded([("types[]", "a"), ("types[]", "b")])

    assert parameters.texts("types") == ["a", "b"]


@pytest.mark.parametrize("name", ["a[b", "a]b", "[a]", ""])
def test_a_broken_name_is_refused(name: str) -> None:
    with pytest.raises(RefusalError, match="Invalid parameter name"):
        Parameters.decoded([(name, "x")])


def test_a_name_is_a_value_or_a_hash() -> None:
    with pytest.raises(RefusalError, match="both a value and a hash"):
        Parameters.decoded([("a", "x"), ("a[b]", "y")])


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_parts_of_a_discount_add_up_and_stay_on_their_line(amount: int, weights: list[int]) -> None:
    amount = min(amount, sum(weights))

    parts = spread(amount, weights)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


def test_half_a_cent_goes_to_the_buyer() -> None:
    assert coupon_discount({"amount_off": None, "percent_off": 12.5}, 4290 + 2) == 537


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (4290, "aud", "A$42.90"),
        (123456789, "usd", "US$1,234,567.89"),
        (500, "jpy", "¥500"),
        (5000, "kwd", "KWD 5.000"),
        (-990, "aud", "-A$9.90"),
    ],
)
def test_amounts_are_written_by_their_currency(amount: int, currency: str, text: str) -> None:
    assert written(amount, currency) == text
