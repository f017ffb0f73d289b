"""Order numbers that nobody guesses, misreads or is offended by."""

import re

import pytest
from flask import Flask

from store.orders.numbers import ALPHABET, new_number, tidy_number


def test_number_is_two_short_groups_behind_the_prefix(app: Flask) -> None:
    assert re.fullmatch(rf"GN-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_number("GN"))


def test_numbers_do_not_follow_each_other(app: Flask) -> None:
    assert len({new_number("GN") for _ in range(200)}) == 200


def test_alphabet_has_no_vowels_and_no_look_alikes() -> None:
    assert not set(ALPHABET) & set("AEIOU0158BLS")


@pytest.mark.parametrize("typed", ["gn 7k3q f2xw", "GN7K3QF2XW", " gn-7k3q-f2xw ", "#GN/7K3Q.F2XW"])
def test_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert tidy_number(typed) == "GN-7K3Q-F2XW"
