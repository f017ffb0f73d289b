"""Where it goes and how it comes: chosen with scripts and without, and what staff see of it."""

import pytest
from playwright.sync_api import Page, expect

from store.database import writing
from store.pricing.writing_rates import write_rates
from tests.browser.axe import FaultsOf, by_day_and_night, violations
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.browser.test_packing_table import sign_in
from tests.builders import a_product, aud
from tests.checkout.test_places import COUNTER, EXPRESS, HOME, WEST

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def handle(live: LiveShop) -> str:
    with live.app.app_context(), writing():
        write_rates([HOME, EXPRESS, COUNTER, WEST])
        return a_product(live.services.clock, price=aud(45)).handle


def look(page: Page, faults_of: FaultsOf = violations) -> None:
    """Fail where axe faults something, or the page is wider than the screen."""
    faults = faults_of(page)
    assert [(one["id"], one["nodes"][0]["html"][:160]) for one in faults] == []
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_a_reader_says_where_and_how(
    live: LiveShop, new_page: NewPage, handle: str, *, scripts: bool
) -> None:
    page = new_page(size=PHONE, scripts=scripts)
    page.goto(f"/products/{handle}")
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.locator("[data-units='1']")).to_be_visible()
    page.goto("/cart")
    expect(page.get_by_text("Choose it: shipping depends on it there.")).to_be_visible()

    page.get_by_label("State").select_option("NSW")
    if not scripts:
        page.get_by_role("button", name="Reckon shipping").click()
    page.get_by_role("radio", name="Express").check()
    if not scripts:
        page.get_by_role("button", name="Have it this way").click()

    receipt = page.get_by_label("What it comes to")
    expect(receipt.get_by_text("$59.95")).to_be_visible()
    page.get_by_role("button", name="Check out").click()
    page.wait_for_url("**/pay/**")
    expect(page.get_by_role("radio").first).to_be_checked()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_shipping_and_tax_have_no_fault(
    live: LiveShop, new_page: NewPage, handle: str, size: tuple[int, int]
) -> None:
    page = new_page(size=size)
    page.goto(f"/products/{handle}")
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.locator("[data-units='1']")).to_be_visible()
    page.goto("/cart")
    look(page, by_day_and_night)
    page.get_by_label("State").select_option("WA")
    expect(page.get_by_label("What it comes to").get_by_text("$57.95")).to_be_visible()
    look(page, by_day_and_night)

    sign_in(live, page)
    page.goto("/staff/shipping/?country=AU&region=WA&value=45")
    look(page, by_day_and_night)
    page.goto("/staff/tax/?country=AU&region=WA&value=45")
    page.get_by_label("Prices in the shop").select_option("no")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    look(page, by_day_and_night)
