"""Promises about page numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.web.pagination import HIGHEST, Pagination, asked_page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (None, 1),
        ("", 1),
        ("1", 1),
        ("17", 17),
        ("0", 1),
        ("-1", 1),
        ("1.5", 1),
        ("²", 1),
        ("٣", 1),
        ("two", 1),
        (" 2", 1),
        ("9999999", 1),
        ("999999", HIGHEST),
    ],
)
def test_nonsense_asks_for_the_first_page(text: str | None, page: int) -> None:
    assert asked_page(text) == page


@given(st.text())
def test_any_text_asks_for_some_page(text: str) -> None:
    assert 1 <= asked_page(text) <= HIGHEST


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, (1,)),
        (1, 3, (1, 2, 3)),
        (1, 9, (1, 2, None, 9)),
        (5, 9, (1, None, 4, 5, 6, None, 9)),
        (9, 9, (1, None, 8, 9)),
        (99, 3, (1, None, 3)),
        (1, 0, ()),
    ],
)
def test_row_shows_both_ends_and_the_neighbours(
    page: int, pages: int, numbers: tuple[int | None, ...]
) -> None:
    assert Pagination(page, pages).numbers == numbers


def test_there_is_nothing_before_the_first_and_after_the_last() -> None:
    assert (Pagination(1, 2).previous, Pagination(2, 2).next) == (None, None)
    assert (Pagination(2, 3).previous, Pagination(2, 3).next) == (1, 3)
