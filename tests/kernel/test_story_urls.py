"""Promises about the address under which a story is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.story_urls import is_ours, normal_url, origin_of


@pytest.mark.parametrize(
    ("given_url", "known_as"),
    [
        ("https://News.Example/a/b/", "https://news.example/a/b"),
        ("HTTPS://news.example:443/a?utm_source=x#top", "https://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example", "https://news.example/"),
        ("  https://news.example/caf%C3%A9 ", "https://news.example/caf%C3%A9"),
        ("https://news.example/café", "https://news.example/caf%C3%A9"),
        ("http://[::1]:5002/a", "http://[::1]:5002/a"),
    ],
)
def test_ways_to_write_one_address_are_one_story(given_url: str, known_as: str) -> None:
    assert normal_url(given_url) == known_as


@pytest.mark.parametrize(
    "given_url",
    [
        "",
        "javascript:alert(1)",
        "//news.example/a",
        "/a",
        "https://",
        "https://user:password@news.example/a",
        "https://news.example\\@evil.example/",
        "https://news.example:port/",
        "https://news.example:99999/",
        "https://[::1/",
        "https://news example/a",
        "https://<news>/a",
        "https://news.example/" + "a" * 500,
        "x" * 100_000,
    ],
)
def test_what_is_no_web_address_is_no_story(given_url: str) -> None:
    assert normal_url(given_url) == ""


@given(st.text(max_size=80))
def test_a_normal_address_is_normal_already(text: str) -> None:
    once = normal_url(f"https://news.example/{text}")

    assert normal_url(once) == once


def test_only_stories_of_our_news_sites_are_ours() -> None:
    ours = ("https://news.example",)

    assert is_ours("https://news.example/a", ours)
    assert not is_ours("https://news.example.evil.example/a", ours)
    assert not is_ours("", ours)
    assert origin_of("http://localhost:5002/stories/a") == "http://localhost:5002"
