"""Finding things with hands: suggestions by keyboard, facets on phones without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from store.database import writing
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_collection, a_product


@pytest.fixture(autouse=True)
def goods(live: LiveShop) -> None:
    clock = live.services.clock
    with live.app.app_context(), writing():
        tee = a_product(
            clock,
            title="Late Edition tee",
            handle="late",
            options={"Size": ["S", "M"], "Colour": ["Ink", "Red"]},
        )
        mug = a_product(clock, title="Late again mug", handle="mug", product_type="Mug")
        a_collection(clock, [tee, mug], title="Late News", handle="news")


def typed(page: Page, words: str) -> None:
    page.goto("/products")
    if page.viewport_size and page.viewport_size["width"] < 700:
        page.get_by_role("button", name="Search").first.click()
    page.locator("#masthead_q").press_sequentially(words)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_suggestions_are_chosen_by_keyboard(new_page: NewPage, size: tuple[int, int]) -> None:
    page = new_page(size=size)
    typed(page, "late")
    line = page.locator("#masthead_q")
    options = page.get_by_role("option")

    expect(options).to_have_count(3)
    expect(page.get_by_role("status").first).to_have_text("3 suggestions")
    expect(line).to_have_attribute("aria-expanded", "true")
    line.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(options.first).to_be_in_viewport()
    violations = Axe().run(page).response["violations"]
    assert [fault["id"] for fault in violations] == []
    line.press("ArrowUp")
    expect(line).to_have_attribute("aria-activedescendant", "")
    line.press("ArrowUp")
    line.press("Enter")
    page.wait_for_url("**/products/late")


def test_escape_leaves_the_words_and_enter_searches_them(new_page: NewPage) -> None:
    page = new_page(size=DESK)
    typed(page, "late")
    line = page.locator("#masthead_q")
    expect(page.get_by_role("option")).to_have_count(3)

    line.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(line).to_have_value("late")
    line.press("Enter")
    page.wait_for_url("**/products?q=late")


def test_near_word_is_suggested(new_page: NewPage) -> None:
    page = new_page(size=DESK)
    typed(page, "laet")

    expect(page.get_by_role("option").first).to_have_text("Did you mean “late”?")


def test_phone_without_scripts_has_a_sheet_of_facets(new_page: NewPage) -> None:
    page = new_page(size=PHONE, scripts=False)
    page.goto("/products")
    sheet = page.get_by_role("navigation", name="Narrow it down")
    expect(sheet).to_be_hidden()

    page.get_by_role("button", name="Narrow it down").click()
    sheet.get_by_role("link", name="Mug").click()

    page.wait_for_url("**/products?type=mug")
    expect(page.get_by_role("link", name="Take back Mug")).to_be_visible()


def test_desk_has_a_column_of_facets(new_page: NewPage) -> None:
    page = new_page(size=DESK)
    page.goto("/products")

    facets = page.get_by_role("navigation", name="Narrow it down")
    expect(facets).to_be_visible()
    facets.get_by_role("link", name="Red").click()
    page.wait_for_url("**/products?colour=red")
