"""The card that a server put into the story: products and signup for readers without scripts."""

from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.live import LiveShop
from tests.browser.news_page import some_goods, story, visit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' {store}; img-src {store};"
    " form-action {store}"
)
"""What docs/embedding.md says that the fragment needs, beside what this page needs for itself."""


@pytest.fixture(autouse=True)
def _goods(live: LiveShop) -> None:
    some_goods(live)


def with_fragment(live: LiveShop) -> str:
    """Return the story as a server sends it that has asked the store already."""
    asked = "url=http%3A%2F%2Flocalhost%2Fstories%2Fpool&title=The+pool+reopens&tags=swimming"
    with urlopen(f"{live.url}/widget/v1/card.html?{asked}", timeout=30) as card:
        html = story(live.url, body=card.read().decode())
    return html.replace(f'<script type="module" src="{live.url}/widget/v1.js"></script>', "")


@pytest.mark.parametrize("width", [320, 1200])
def test_fragment_needs_no_more_than_the_paper_says(
    chromium: Browser, live: LiveShop, width: int
) -> None:
    html = with_fragment(live)
    with visit(chromium, live.url, html, width=width, policy=POLICY) as host:
        host.until("document.querySelector('.store-widget img').naturalWidth > 0")
        host.page.locator(".store-widget__product").last.scroll_into_view_if_needed()
        box = host.page.locator(".store-widget")

        assert host.read("violations") == []
        assert box.evaluate("(one) => getComputedStyle(one).borderTopStyle") == "solid"
        assert host.read("document.documentElement.scrollWidth") == width


def test_fragment_has_no_fault_that_axe_finds(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, with_fragment(live), policy=POLICY, bypass_csp=True) as host:
        found = Axe().run(host.page, ".store-widget")

        assert found.response["violations"] == []


def test_reader_without_scripts_signs_up_under_the_story(chromium: Browser, live: LiveShop) -> None:
    html = with_fragment(live)
    with visit(chromium, live.url, html, policy=POLICY, java_script_enabled=False) as host:
        origin = host.page.url.rstrip("/")
        object.__setattr__(live.services.settings, "news_origins", (origin,))
        host.page.get_by_label("Email").fill("river@example.org")
        host.page.get_by_role("button", name="Sign me up").click()
        host.page.wait_for_url(f"{live.url}/newsletter**")

        expect(host.page.get_by_text("Look into your mailbox")).to_be_visible()
