"""Browsers by the names that their owners know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.staff.browsers import LONGEST_STRANGE_NAME, browser_name
from tests.shop import Shop

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
KNOWN = {
    f"{MAC} AppleWebKit/605.1 (KHTML, like Gecko) Version/18.1 Safari/605.1": "Safari on macOS",
    f"{MAC} {WEBKIT} Chrome/140.0.0.0 Safari/537.36": "Chrome on macOS",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0": (
        "Edge on Windows"
    ),
    f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 OPR/124.0": (
        "Opera on Windows"
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0": "Firefox on Linux",
    f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {WEBKIT} Chrome/140.0 Mobile Safari/537.36": (
        "Chrome on Android"
    ),
    f"Mozilla/5.0 (Linux; Android 15; SM-S921B) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0"
    " Mobile Safari/537.36": "Samsung Internet on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " CriOS/140.0 Mobile/15E148 Safari/604.1": "Chrome on iPad",
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/140.0 Safari/537.36": (
        "Chrome on ChromeOS"
    ),
    "curl/8.5.0": "curl",
    "": "An unnamed browser",
}


@pytest.fixture(autouse=True)
def _words(app: object) -> None:
    """Names are words, and words are translated inside an application."""


@pytest.mark.parametrize("agent", KNOWN)
def test_a_browser_goes_by_its_name(agent: str) -> None:
    assert browser_name(agent) == KNOWN[agent]


def test_a_strange_browser_goes_by_how_it_begins() -> None:
    assert len(browser_name("x" * 500)) == LONGEST_STRANGE_NAME


def test_whatever_is_sent_has_a_name(shop: Shop) -> None:
    @given(st.text(max_size=200))
    def has_a_name(agent: str) -> None:
        assert browser_name(agent)

    has_a_name()
