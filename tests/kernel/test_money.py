"""Promises about money: integers of one currency, and no unit lost when it is split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.money import CurrencyMismatchError, Money, allocate_minor, decimals, smallest_charge_step

amounts = st.integers(min_value=-(10**12), max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40)


@given(amount=amounts, shares=weights)
def test_parts_sum_to_the_amount(amount: int, shares: list[int]) -> None:
    assert sum(allocate_minor(amount, shares)) == amount


@given(amount=amounts, shares=weights.filter(any))
def test_no_part_is_a_unit_away_from_its_exact_share(amount: int, shares: list[int]) -> None:
    parts = allocate_minor(amount, shares)

    whole = sum(shares)
    assert all(
        abs(part * whole - amount * share) < whole
        for part, share in zip(parts, shares, strict=True)
    )


def test_the_earlier_part_gets_the_odd_cent() -> None:
    assert Money(100, "AUD").allocate([1, 1, 1]) == [
        Money(34, "AUD"),
        Money(33, "AUD"),
        Money(33, "AUD"),
    ]


def test_amounts_of_two_currencies_do_not_add() -> None:
    with pytest.raises(CurrencyMismatchError):
        Money(1, "AUD") + Money(1, "JPY")


@pytest.mark.parametrize(
    ("currency", "places", "step"), [("AUD", 2, 1), ("JPY", 0, 1), ("KWD", 3, 10)]
)
def test_currencies_differ_in_their_decimals(currency: str, places: int, step: int) -> None:
    assert (decimals(currency), smallest_charge_step(currency)) == (places, step)


@pytest.mark.parametrize("shares", [[], [1, -1]])
def test_splitting_without_sensible_weights_is_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate_minor(100, shares)
