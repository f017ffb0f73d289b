"""What scripts add to the cart: the drawer, live totals, and nothing lost on the way to pay."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from store.cart.models import Cart
from store.database import db, writing
from tests.browser.conftest import NewPage
from tests.browser.live import LiveShop
from tests.builders import a_product


@pytest.fixture(autouse=True)
def tee(live: LiveShop) -> None:
    with live.app.app_context(), writing():
        a_product(live.services.clock, handle="tee", title="Late Edition tee", stock=3)
        a_product(live.services.clock, handle="mug", title="Late mug")


def put_in_cart(page: Page, handle: str = "tee") -> None:
    page.goto(f"/products/{handle}")
    page.get_by_role("button", name="Add to cart").first.click()


def test_adding_opens_the_drawer_and_ticks_the_badge(new_page: NewPage) -> None:
    page = new_page()

    put_in_cart(page)

    drawer = page.get_by_role("dialog", name="Cart")
    expect(drawer.get_by_role("button", name="Check out")).to_be_in_viewport()
    expect(page.locator("cart-badge")).to_have_text("1")
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_have_count(0)


def test_new_quantity_is_reckoned_said_and_keeps_the_keyboard(new_page: NewPage) -> None:
    page = new_page()
    put_in_cart(page)
    drawer = page.get_by_role("dialog", name="Cart")
    more = drawer.get_by_role("button", name="One more")

    more.focus()
    more.press("Enter")
    more.press("Enter")

    expect(drawer.get_by_role("status")).to_have_text("3 things in the cart, $135.00 in total.")
    expect(more).to_be_focused()
    expect(page.locator("cart-badge")).to_have_text("3")


def test_removing_the_last_thing_leaves_a_blank_front_page(new_page: NewPage) -> None:
    page = new_page()
    put_in_cart(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/cart")

    page.get_by_role("button", name="Remove").click()

    expect(page.get_by_role("heading", name="A blank front page")).to_be_visible()
    expect(page.get_by_role("link", name="See everything in print")).to_be_focused()


def test_what_is_typed_is_saved_on_the_way_to_pay(live: LiveShop, new_page: NewPage) -> None:
    page = new_page()
    put_in_cart(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/cart")

    page.get_by_text("A gift, or a note").click()
    page.get_by_label("Note").fill("Ring twice")
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="Check out").click()

    expect(page.get_by_label("Card number")).to_be_visible()
    with live.app.app_context():
        cart = db.session.scalars(select(Cart)).one()
        assert (cart.note, cart.lines[0].quantity) == ("Ring twice", 2)


def answer_late(route: Route) -> None:
    time.sleep(0.15)
    route.continue_()


def test_answer_to_one_change_does_not_undo_the_next(live: LiveShop, new_page: NewPage) -> None:
    page = new_page()
    put_in_cart(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/cart")
    # The note's answer comes back only after the quantity was changed.
    page.route("**/cart/note", answer_late)
    page.get_by_text("A gift, or a note").click()
    page.get_by_label("Note").fill("Ring twice")

    page.get_by_role("button", name="One more").click()

    expect(page.get_by_label("Quantity")).to_have_value("2")
    expect(page.locator("[data-basket]")).to_have_attribute("data-units", "2")
    with live.app.app_context():
        cart = db.session.scalars(select(Cart)).one()
        assert (cart.note, cart.lines[0].quantity) == ("Ring twice", 2)


TOO_LONG = "Ring twice. " * 48 + "And wait."
WORDS = "The note has 585 characters; shorten it to 500. It is not saved yet."


@pytest.fixture
def refused(new_page: NewPage) -> Page:
    """The cart of a tee and a mug, with a note that is saved and a longer one that is refused."""
    page = new_page()
    for handle in ("mug", "tee"):
        put_in_cart(page, handle)
        expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/cart")
    page.get_by_text("A gift, or a note").click()
    note = page.get_by_label("Note")
    for words in ("Ring once", TOO_LONG):
        note.fill(words)
        with page.expect_response("**/cart/note"):
            note.blur()
    expect(page.get_by_role("alert")).to_have_text(WORDS)
    return page


def types_a_quantity(page: Page) -> None:
    quantity = page.get_by_label("Quantity of Late Edition tee")
    quantity.fill("3")
    quantity.blur()


def applies_a_code(page: Page) -> None:
    page.get_by_text("A discount code or gift card").click()
    page.get_by_label("Code").fill("NOSUCH")
    page.get_by_role("button", name="Apply the code").click()


CHANGES: list[Callable[[Page], object]] = [
    lambda page: page.get_by_role("button", name="One more").first.click(),
    lambda page: page.get_by_role("button", name="One fewer").first.click(),
    types_a_quantity,
    lambda page: page.get_by_role("button", name="Remove Late mug").click(),
    applies_a_code,
    lambda page: page.get_by_label("Send it to").select_option("NZ"),
]


def test_refused_note_stays_whatever_else_changes(refused: Page) -> None:
    for change in CHANGES:
        with refused.expect_response("**/cart/**"):
            change(refused)
        expect(refused.locator("live-basket[aria-busy]")).to_have_count(0)

        expect(refused.get_by_label("Note")).to_have_value(TOO_LONG)
        expect(refused.get_by_label("Note")).to_have_accessible_description(re.compile(WORDS))
        expect(refused.get_by_role("alert").filter(has_text=WORDS)).to_have_count(1)


def test_nobody_pays_while_the_note_is_refused(live: LiveShop, refused: Page) -> None:
    with refused.expect_response("**/cart/note"):
        refused.get_by_role("button", name="Check out").click()
    expect(refused.locator("live-basket[aria-busy]")).to_have_count(0)
    expect(refused.get_by_role("alert")).to_have_text(WORDS)

    refused.get_by_label("Note").fill("Ring twice")
    refused.get_by_role("button", name="Check out").click()

    expect(refused.get_by_label("Card number")).to_be_visible()
    with live.app.app_context():
        assert db.session.scalars(select(Cart)).one().note == "Ring twice"
