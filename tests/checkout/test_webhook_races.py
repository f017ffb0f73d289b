"""The same event twice at one moment, as Stripe sends it when an answer was lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db
from store.orders.models import OrderState, StripeEvent
from tests.buying import a_variant, buy, mails, the_order, webhook
from tests.invariants import assert_invariants
from tests.shop import Shop

pytestmark = pytest.mark.slow

TIMES = 4


def test_one_event_that_comes_many_times_at_once_is_done_once(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    buy(shop, reader, a_variant(shop))
    answered: list[int] = []

    def bring(body: bytes, signature: str) -> int:
        start = Barrier(TIMES)

        def post(_time: int) -> int:
            start.wait()
            return webhook(shop, body, signature)

        with ThreadPoolExecutor(TIMES) as pool:
            answered.extend(pool.map(post, range(TIMES)))
        return answered[-1]

    events = shop.sandbox.deliver_now(bring)

    assert events
    assert answered == [200] * events * TIMES
    order = the_order()
    assert db.session.scalar(select(func.count()).select_from(StripeEvent)) == events
    assert order.state == OrderState.PAID
    assert [event.kind for event in order.events].count("paid") == 1
    assert len(order.payments) == 1
    assert len(mails("orders.confirmed")) == 1
    assert_invariants(shop.sandbox)
