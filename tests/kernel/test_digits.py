"""Promises about whole numbers that somebody else wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.digits import whole_number


@given(st.integers(0, 999_999_999))
def test_number_in_plain_digits_is_read(number: int) -> None:
    assert whole_number(str(number)) == number


@pytest.mark.parametrize("typed", ["", " 1", "-1", "+1", "1.0", "1_000", "²", "٣", "2147483648"])
def test_anything_else_is_no_number(typed: str) -> None:
    assert whole_number(typed) is None
