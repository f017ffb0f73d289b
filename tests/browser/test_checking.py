"""The page for editors in a browser: it reads what the tag reads, and looks like the shop."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from store.widget.reading.fetching import fetch_page
from store.widget.reading.pages import story_page
from store.widget.reading.words import words_of
from tests.browser.conftest import DESK, PHONE
from tests.browser.live import LiveShop, live_shop
from tests.widget.paper import Paper, a_page, a_paper, an_answer

PAGES = Path(__file__).parent.parent / "widget" / "pages"
NARROW = 320


@pytest.fixture
def paper() -> Iterator[Paper]:
    with a_paper() as paper:
        yield paper


@pytest.fixture
def shop(tmp_path: Path, database_url: str, paper: Paper) -> Iterator[LiveShop]:
    with live_shop(tmp_path, database_url, news_origins=paper.url) as shop:
        yield shop


def story(shop: LiveShop, head: str, attributes: str) -> bytes:
    script = f'<script type="module" src="{shop.url}/widget/v1.js"></script>'
    return a_page(head + script, f'<store-widget store="{shop.url}" {attributes}></store-widget>')


def test_pages_are_read_as_the_tag_reads_them(
    chromium: Browser, shop: LiveShop, paper: Paper
) -> None:
    page = chromium.new_page()
    address = f"{paper.url}/pool?x=1"
    by_tag, by_us = {}, {}
    for path in sorted(PAGES.glob("*.html")):
        paper.pages["/pool?x=1"] = an_answer(path.read_bytes().replace(b"STORE", shop.url.encode()))
        with page.expect_request("**/card.json*") as asked:
            page.goto(address)
        by_tag[path.stem] = dict(parse_qsl(urlsplit(asked.value.url).query))
        read = story_page(fetch_page(address, shop.services.settings))
        words = words_of(read, read.tags[0])
        by_us[path.stem] = {word.name: word.value for word in words if word.value}
    page.close()

    assert len(by_tag) >= 11
    assert by_us == by_tag


@pytest.mark.parametrize("dark", [False, True], ids=["paper", "night"])
@pytest.mark.parametrize("width", [NARROW, PHONE[0], DESK[0]])
def test_answer_is_accessible_and_fits(
    chromium: Browser, shop: LiveShop, paper: Paper, width: int, *, dark: bool
) -> None:
    paper.pages["/pool"] = story(
        shop,
        f"<title>{'Poolreopens' * 20}</title><link rel=canonical href=/another>",
        f'colour="x" count="9" theme="Dark" newsletter="no" products="{"no-such-" * 18}"',
    )
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    ask(page, shop, f"{paper.url}/pool")

    found = Axe().run(page).response["violations"]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    expect(page.get_by_role("heading", name="corrections")).to_be_visible()
    assert [violation["id"] for violation in found] == []
    assert too_wide <= 0
    context.close()


def test_editor_needs_no_script(chromium: Browser, shop: LiveShop, paper: Paper) -> None:
    paper.pages["/pool"] = story(shop, "<title>The pool reopens</title>", "")
    page = chromium.new_page(java_script_enabled=False)
    ask(page, shop, f"{paper.url}/pool")

    page.get_by_text("Words of your own").click()
    page.get_by_label("Headline").fill("Choir sings")
    page.get_by_role("button", name="Read the page").click()

    expect(page.get_by_text("instead of “The pool reopens”")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Choir sings")
    expect(page.get_by_label("Address of the story")).to_have_value(f"{paper.url}/pool")
    page.close()


def ask(page: Page, shop: LiveShop, url: str) -> None:
    page.goto(f"{shop.url}/widget/check")
    page.get_by_label("Address of the story").fill(url)
    page.get_by_role("button", name="Read the page").click()
    page.get_by_role("heading", name="What the tag says").wait_for()
