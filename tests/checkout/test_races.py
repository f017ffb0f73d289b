"""Many at once: the last units, a double click, the webhook beside the thanks page."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db
from store.orders.models import Order, OrderState
from store.sandbox.stripe import SessionClosedError
from store.sandbox.stripe.state import Shelf
from tests.buying import (
    a_variant,
    buy,
    check_out,
    deliver,
    fill_cart,
    mails,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop

pytestmark = pytest.mark.slow

BUYERS, UNITS = 30, 5
T = TypeVar("T")


def _at_once(*verbs: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(len(verbs)) as pool:
        return [done.result() for done in [pool.submit(verb) for verb in verbs]]


def test_last_units_go_to_as_many_buyers_as_there_are_units(app: Flask, shop: Shop) -> None:
    variant_id = a_variant(shop, stock=UNITS)
    readers = [shop.browser() for _ in range(BUYERS)]
    for reader in readers:
        fill_cart(reader, variant_id)

    def purchase(reader: FlaskClient) -> str:
        answer = check_out(reader)
        if "/pay/" not in answer.headers["Location"]:
            return "sold out"
        session_id = session_of(answer)
        shop.sandbox.pay(session_id)
        return "paid" if "Thank you" in thanks(reader, session_id).text else "lost"

    outcomes = Counter(_at_once(*[lambda r=r: purchase(r) for r in readers]))

    assert outcomes == {"paid": UNITS, "sold out": BUYERS - UNITS}
    assert_invariants(shop.sandbox)


def test_double_click_makes_one_order_and_one_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    token = reader.get_cookie("cart")
    assert token is not None
    twin = shop.browser()
    twin.set_cookie("cart", token.value)

    answers = _at_once(*[lambda c=c: check_out(c) for c in (reader, twin, reader, twin)])

    pages = {a.headers["Location"] for a in answers if a.status_code == 303}
    assert len(pages) == 1
    assert {a.status_code for a in answers} <= {303, 503}
    assert the_order().state == OrderState.PENDING
    assert len(shop.sandbox.account.state.scan(Shelf.SESSION)) == 1
    assert_invariants(shop.sandbox)


def test_webhook_and_thanks_page_at_once_settle_once(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))

    _at_once(
        lambda: deliver(shop),
        lambda: thanks(shop.browser(), session_id),
        lambda: thanks(shop.browser(), session_id),
        lambda: thanks(shop.browser(), session_id),
    )

    assert [event.kind for event in the_order().events].count("paid") == 1
    assert len(mails("orders.confirmed")) == 1
    assert len(the_order().payments) == 1
    assert_invariants(shop.sandbox)


def test_payment_and_way_back_at_once_end_as_one_or_the_other(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop, stock=1))
    session_id = session_of(check_out(reader))

    def pay() -> bool:
        try:
            shop.sandbox.pay(session_id)
        except SessionClosedError:
            return False
        return True

    has_paid, _ = _at_once(pay, lambda: reader.get("/checkout/back"))
    deliver(shop)

    assert the_order().state == (OrderState.PAID if has_paid else OrderState.CANCELLED)
    assert_invariants(shop.sandbox)


def test_same_cart_never_has_two_open_orders(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_variant(shop, stock=50)
    fill_cart(reader, variant_id)
    token = reader.get_cookie("cart")
    assert token is not None
    twins = [shop.browser() for _ in range(3)]
    for twin in twins:
        twin.set_cookie("cart", token.value)

    def change_and_check_out(twin: FlaskClient) -> int:
        fill_cart(twin, variant_id)
        return check_out(twin).status_code

    _at_once(*[lambda t=t: change_and_check_out(t) for t in twins])

    still_open = select(func.count()).where(Order.state == OrderState.PENDING)
    db.session.rollback()
    assert db.session.scalars(still_open).one() <= 1
    assert_invariants(shop.sandbox)
