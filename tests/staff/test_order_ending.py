"""Orders that end without a parcel: parked, let go or cancelled, and by whom."""

import pytest
from flask import Flask

from store.catalog.models import Variant
from store.database import db, writing
from store.orders.models import OrderState
from store.pricing.models import ShippingRate, ShippingZone
from store.staff.roles import Role
from tests.builders import aud
from tests.buying import a_variant, check_out, fill_cart, session_of
from tests.desk import Desk, as_read, number_of, taken_for_nothing, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop
from tests.staff.refunds import available, give, parked


def test_a_parked_order_says_why_and_is_accepted(shop: Shop, desk: Desk, tee: int) -> None:
    order = parked(shop, tee)
    page = desk.text(order)
    assert "Total here $98.95 , at Stripe $0.01" in page

    answer = desk.post(f"{order}/acceptance")
    again = desk.post(f"{order}/acceptance")

    assert (answer.status_code, again.status_code) == (303, 409)
    assert the(order).state == OrderState.PAID
    assert [entry.act for entry in traces(order)] == ["order.accepted"]
    assert_invariants(shop.sandbox)


def test_a_parked_order_is_given_back_whole_and_not_unit_by_unit(
    shop: Shop, desk: Desk, tee: int
) -> None:
    order = parked(shop, tee)

    part = give(desk, order, units=1)
    whole = give(desk, order, how="everything")

    assert (part.status_code, whole.status_code) == (409, 303)
    assert the(order).state == OrderState.REFUNDED
    assert available(tee) == 9
    assert_invariants()


def test_an_order_that_nobody_paid_is_let_go(shop: Shop, desk: Desk, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    order = number_of(shop, session_of(check_out(reader)))

    answer = desk.post(f"{order}/release")

    assert answer.status_code == 303
    assert the(order).state == OrderState.CANCELLED
    assert available(tee) == 9
    assert [entry.act for entry in traces(order)] == ["order.released"]
    assert_invariants(shop.sandbox)


def test_a_payment_that_came_first_is_not_let_go(shop: Shop, desk: Desk, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    order = number_of(shop, session_id)

    answer = desk.post(f"{order}/release")

    assert answer.status_code == 409
    assert "The payment came first" in as_read(answer)
    assert the(order).state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_an_order_that_was_paid_is_not_cancelled_without_its_money(
    shop: Shop, desk: Desk, order: str
) -> None:
    answer = desk.post(f"{order}/cancellation")

    assert answer.status_code == 409
    assert the(order).state == OrderState.PAID


def test_an_order_that_cost_nothing_is_cancelled(app: Flask, shop: Shop, desk: Desk) -> None:
    badge = a_variant(shop, stock=3)
    with writing():
        db.session.get_one(Variant, badge).price = aud(0)
        free = ShippingRate(name="By foot", price_minor=0, currency="AUD", min_days=1, max_days=2)
        db.session.add(ShippingZone(name="Everywhere", countries=["*"], rates=[free]))
    order = taken_for_nothing(shop, badge)
    assert "Nothing was to pay." in desk.text(order)

    answer = desk.post(f"{order}/cancellation")

    assert answer.status_code == 303
    assert the(order).lines[0].cancelled == 1
    assert available(badge) == 3
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("act", ["refund", "refunds", "acceptance", "release", "cancellation"])
def test_whoever_packs_moves_no_money(shop: Shop, order: str, act: str) -> None:
    desk = Desk(shop, Role.FULFILMENT)

    assert desk.post(f"{order}/{act}").status_code == 403
    assert "Give money back" not in desk.text(order)
