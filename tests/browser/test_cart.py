"""What scripts add to the cart: the drawer, live totals, and nothing lost on the way to pay."""

import time

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


def put_in_cart(page: Page) -> None:
    page.goto("/products/tee")
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
