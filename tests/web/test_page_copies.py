"""Promises about the encodings of a page and what readers accept."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from store.web.page_copies import Lifetime, best_coding, make_page, names_etag

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MINUTE = Lifetime(NOW, NOW + timedelta(seconds=60), NOW + timedelta(seconds=90))
HTML = [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=b"), ("Vary", "Cookie")]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=nonsense", "identity"),
        ("zstd", "identity"),
        (";;,,=", "identity"),
    ],
)
def test_reader_gets_the_smallest_coding_that_she_accepts(accepted: str, coding: str) -> None:
    assert best_coding(accepted) == coding


@pytest.mark.parametrize(
    ("if_none_match", "names"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
    ],
)
def test_etag_is_found_in_what_the_reader_holds(if_none_match: str, *, names: bool) -> None:
    assert names_etag(if_none_match, '"a"') is names


def test_every_copy_holds_the_same_page() -> None:
    body = b"<p>Hold the front page</p>" * 40
    copies = make_page(body, HTML, 1, MINUTE).copies

    assert copies["identity"].body == gzip.decompress(copies["gzip"].body) == body


def test_no_cookie_and_no_other_vary_is_kept_with_a_page() -> None:
    headers = make_page(b"x" * 500, HTML, 1, MINUTE).copies["br"].headers

    assert dict(headers)["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in dict(headers)


def test_picture_is_not_compressed_again() -> None:
    page = make_page(b"\x89PNG" * 500, [("Content-Type", "image/png")], 1, MINUTE)

    assert set(page.copies) == {"identity"}
