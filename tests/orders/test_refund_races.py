"""One order, given back at the desk and in Stripe's dashboard at one moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.checkout.reconciling import reconcile
from store.database import db
from store.errors import StoreError
from store.money import Money
from store.orders.models import Order, OrderState
from store.orders.refunding import RefundWish, refund_order
from store.sandbox.stripe.errors import RefusalError
from tests.buying import a_variant, buy, deliver, page_at_stripe, thanks, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("tenths", [10, 6, 4])
def test_desk_and_dashboard_together_give_no_more_than_was_paid(
    app: Flask, shop: Shop, reader: FlaskClient, tenths: int
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    thanks(reader, session_id)
    deliver(shop)
    order = the_order()
    order_id, intent_id = order.id, order.payments[0].intent_id
    amount = Money(order.total_minor * tenths // 10, order.currency)
    start = Barrier(2)

    def at_the_desk() -> bool:
        with app.app_context():
            wanted = db.session.get_one(Order, order_id)
            start.wait()
            try:
                refund_order(wanted, RefundWish(amount=amount), shop.services, actor="sam")
            except StoreError:
                return False
            return True

    def in_the_dashboard() -> bool:
        start.wait()
        try:
            shop.sandbox.refund(intent_id, amount.minor)
        except RefusalError:
            return False
        return deliver(shop) > 0

    with ThreadPoolExecutor(2) as people:
        both = [people.submit(at_the_desk), people.submit(in_the_dashboard)]
        given = [done.result() for done in both]
    deliver(shop)

    assert given.count(True) == (2 if tenths == 4 else 1)
    (payment,), there = the_order().payments, page_at_stripe(shop, session_id).payment
    assert there is not None
    assert payment.refunded_minor == there.refunded_minor == amount.minor * given.count(True)
    assert (the_order().state == OrderState.REFUNDED) == (tenths == 10)
    assert reconcile(shop.services) == []
    assert_invariants(shop.sandbox)
