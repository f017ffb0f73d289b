"""A code on a phone: what it takes off, and an order that comes to nothing."""

import pytest
from playwright.sync_api import Page, expect

from store.database import writing
from store.pricing.discounts import DiscountKind
from store.pricing.writing_discounts import DiscountWanted, make_discount
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.browser.live import LiveShop
from tests.builders import a_product


@pytest.fixture(autouse=True)
def goods(live: LiveShop) -> None:
    clock = live.services.clock
    now = clock.now()
    with live.app.app_context(), writing():
        a_product(clock, handle="tee", title="Late Edition tee")
        for wanted in (
            DiscountWanted("Crew", "CREW", DiscountKind.PERCENT, "AUD", now, 10_000, combines=True),
            DiscountWanted("Free post", "", DiscountKind.FREE_SHIPPING, "AUD", now, combines=True),
        ):
            make_discount(wanted, clock)


def faults(page: Page) -> list[str]:
    faults = violations(page)
    return [violation["id"] for violation in faults]


def type_code(page: Page, code: str) -> None:
    if page.locator("#more_code[open]").count() == 0:
        page.locator("#more_code > summary").click()
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Apply the code").click()


@pytest.fixture
def cart(new_page: NewPage) -> Page:
    """A phone at a cart of one tee, with the place for a code open."""
    page = new_page()
    page.goto("/products/tee")
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.get_by_role("dialog", name="Cart")).to_be_visible()
    page.goto("/cart")
    page.locator("#more_code > summary").click()
    return page


def test_code_counts_without_loading_the_page_again(cart: Page) -> None:
    type_code(cart, "crew")

    expect(cart.locator(".receipt")).to_contain_text("code CREW")
    expect(cart.locator(".receipt")).to_contain_text("Free post")
    assert faults(cart) == []
    cart.get_by_role("button", name="Remove the code CREW").click()
    expect(cart.locator(".receipt")).not_to_contain_text("code CREW")


def test_typed_code_stays_while_something_else_changes(cart: Page) -> None:
    cart.locator("#code").fill("crew")

    with cart.expect_response("**/cart/**"):
        cart.get_by_role("button", name="One more").click()

    expect(cart.locator(".receipt")).to_contain_text("2 ×")
    expect(cart.locator("#code")).to_have_value("crew")


def test_typed_code_counts_for_whoever_pays_at_once(cart: Page) -> None:
    cart.locator("#code").fill("crew")

    cart.get_by_role("button", name="Check out").click()

    expect(cart.get_by_role("heading", level=1)).to_have_text("Nothing to pay")


def test_refused_code_is_told_once_and_keeps_nobody_from_paying(cart: Page) -> None:
    cart.locator("#code").fill("NOSUCH")
    cart.get_by_role("button", name="Check out").click()
    expect(cart.get_by_role("alert")).to_be_visible()
    expect(cart.locator("#code")).to_have_value("NOSUCH")

    cart.get_by_role("button", name="Check out").click()

    expect(cart.get_by_label("Card number")).to_be_visible()


def test_code_that_was_emptied_keeps_nobody_from_paying(cart: Page) -> None:
    type_code(cart, "NOSUCH")
    expect(cart.get_by_role("alert")).to_be_visible()
    cart.locator("#code").fill("")

    cart.get_by_role("button", name="Check out").click()

    expect(cart.get_by_label("Card number")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["paper", "night"])
def test_page_of_what_costs_nothing_is_accessible(new_page: NewPage, *, dark: bool) -> None:
    page = new_page(dark=dark)
    page.goto("/products/tee")
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.get_by_role("dialog", name="Cart")).to_be_visible()
    page.goto("/cart")
    type_code(page, "CREW")
    expect(page.locator(".receipt")).to_contain_text("code CREW")
    page.get_by_role("button", name="Check out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to pay")
    assert faults(page) == []


def test_what_costs_nothing_is_ordered_without_scripts(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/products/tee")
    page.get_by_role("button", name="Add to cart").first.click()
    page.goto("/cart")
    type_code(page, "CREW")
    page.get_by_role("button", name="Check out").click()
    typed = {"name": "Robin", "line1": "1 George St", "city": "Sydney", "state": "NSW"}
    for name, words in ({"email": "robin@reader.org", "postal_code": "2000"} | typed).items():
        page.locator(f"main #{name}").fill(words)

    page.get_by_role("button", name="Order it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ours to pack")
