"""The packing table: orders ticked, packed and given back, on a phone too and without a script."""

import time

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from store.app import STAFF
from store.cart import basket
from store.checkout.paying import pay_page_for
from store.checkout.settling import settle
from store.database import db, writing
from store.orders.models import Order
from store.pricing.places import Place
from store.staff.sessions import Proof, begin_session
from store.staff.sign_in import TOKEN
from tests.browser.axe import by_day_and_night
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_product, aud
from tests.staffing import a_member


def sign_in(live: LiveShop, page: Page) -> None:
    """Give the browser the cookie of somebody who signed in just now."""
    staff: Flask = live.app.extensions[STAFF].app
    clock = live.services.clock
    with staff.app_context(), writing():
        user = a_member(clock, name="Sam")
        session = {"_user_id": user.fs_uniquifier, "_fresh": True, "fs_paa": time.time()}  # noqa: TID251 - Flask-Security asks the real clock
        session[TOKEN] = begin_session(user.id, "A browser of a test", clock, proof=Proof.FACTOR)
    signer = staff.session_interface.get_signing_serializer(staff)  # type: ignore[attr-defined]
    name, value = staff.config["SESSION_COOKIE_NAME"], signer.dumps(session)
    page.context.add_cookies(
        [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/staff"}]
    )


@pytest.fixture
def numbers(live: LiveShop) -> list[str]:
    """The numbers of two paid orders of two tees each."""
    services = live.services
    with live.app.app_context():
        with writing():
            tee = a_product(services.clock, title="Late Edition tee", price=aud(45), stock=9)
            variant_id = tee.variants[0].id
        return [_bought(live, variant_id) for _ in range(2)]


def _bought(live: LiveShop, variant_id: int) -> str:
    services = live.services
    with writing():
        cart = basket.begin(basket.new_token(), services.settings, services.clock)
        basket.send_to(cart, Place("AU"), services.clock)
        basket.add(cart, variant_id, 2, services.clock)
        cart_id = cart.id
    pay_page_for(cart, "", services)
    order = db.session.scalars(db.select(Order).where(Order.cart_id == cart_id)).one()
    live.sandbox.pay(order.session_id or "")
    settle(order, services)
    return str(order.number)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_half_an_order_is_sent_and_a_unit_given_back_at_the_packing_table(
    live: LiveShop, new_page: NewPage, numbers: list[str], *, scripts: bool
) -> None:
    page = new_page(size=PHONE, scripts=scripts)
    sign_in(live, page)

    page.goto("/staff/orders/")
    page.get_by_role("link", name=numbers[0]).click()
    page.get_by_label("Late Edition tee").fill("1")
    page.get_by_label("Tracking number").fill("99702")
    send = page.get_by_role("button", name="Mark as sent")
    box = send.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    send.click()
    expect(page.get_by_text("One unit is on its way.")).to_be_visible()
    page.get_by_role("link", name="Give money back").click()
    page.get_by_label("Late Edition tee").fill("1")
    page.get_by_role("button", name="See what would go back").click()
    page.get_by_role("button", name="Give back $45.00").click()

    expect(page.get_by_text("Partly refunded")).to_be_visible()
    expect(page.get_by_text("Refund given · $45.00")).to_be_visible()


def test_ticked_orders_are_sent_together(
    live: LiveShop, new_page: NewPage, numbers: list[str]
) -> None:
    page = new_page(size=DESK)
    sign_in(live, page)
    page.goto("/staff/orders/")
    expect(page.get_by_role("button", name="Print slips")).to_be_disabled()

    page.get_by_label("Tick all of this page").check()
    expect(page.get_by_text("2 ticked")).to_be_visible()
    page.get_by_role("button", name="Mark as sent").click()
    page.get_by_role("button", name="Mark 2 orders as sent").click()

    expect(page.get_by_role("heading", name="2 orders are on their way")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_orders_are_accessible_and_fit(
    live: LiveShop, new_page: NewPage, numbers: list[str], size: tuple[int, int]
) -> None:
    page = new_page(size=size)
    sign_in(live, page)
    order, found = numbers[0], {}
    paths = ["", "?q=nothing", order, f"{order}/address", f"{order}/refund", "tracking"]
    for path in [*paths, f"ship?order={order}", "slips", "picks"]:
        page.goto(f"/staff/orders/{path}")
        faults = by_day_and_night(page)
        rules = [violation["id"] for violation in faults]
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if rules or too_wide > 0:
            found[path] = (rules, too_wide)
    assert found == {}
