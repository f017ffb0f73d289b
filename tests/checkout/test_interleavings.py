"""Whatever the order of payment, webhook, thanks page, way back, time and sweep: the same end."""

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.checkout import sweeping
from store.clock import FixedClock
from store.database import db
from store.orders.models import OrderState
from store.sandbox.stripe import CardDeclinedError, Faults, SessionClosedError
from tests.buying import a_variant, check_out, deliver, fill_cart, mails, thanks
from tests.conftest import START, Databases
from tests.invariants import assert_invariants
from tests.shop import Shop, open_shop, some_settings

pytestmark = pytest.mark.slow

CARDS = ["4242424242424242", "4000000000000002", "4000000000001117", "4000000000002222"]
STEPS = ["pay", "deliver", "drop", "thanks", "back", "again", "grow", "wait", "settle", "sweep"]


class Reader:
    """One reader of a shop of her own, who does what the steps say."""

    def __init__(self, shop: Shop, card: str) -> None:
        self._shop, self._card = shop, card
        self._browser = shop.browser()
        self._variant_id = a_variant(shop, stock=4)
        self._pages: list[str] = []
        fill_cart(self._browser, self._variant_id)
        self.again()

    def again(self) -> None:
        address = check_out(self._browser).headers.get("Location", "")
        if "/pay/" in address:
            self._pages.append(address.rsplit("/", 1)[1])

    def grow(self) -> None:
        fill_cart(self._browser, self._variant_id)

    def pay(self) -> None:
        with contextlib.suppress(SessionClosedError, CardDeclinedError):
            self._shop.sandbox.pay(self._pages[-1], self._card)

    def deliver(self) -> None:
        deliver(self._shop)

    def drop(self) -> None:
        self._shop.sandbox.faults = Faults(webhook_drop_share=1.0)
        deliver(self._shop)
        self._shop.sandbox.faults = Faults()

    def thanks(self) -> None:
        thanks(self._browser, self._pages[-1])

    def back(self) -> None:
        self._browser.get("/checkout/back")

    def wait(self) -> None:
        self._shop.clock.move_to(self._shop.clock.now() + timedelta(minutes=16))
        self._shop.sandbox.expire_due()

    def settle(self) -> None:
        self._shop.sandbox.settle_delayed()

    def sweep(self) -> None:
        sweeping.end_holds(self._shop.services)
        sweeping.settle_open(self._shop.services)

    def finish(self) -> None:
        """Let time pass until nothing waits any more."""
        self._shop.sandbox.settle_delayed()
        self._shop.clock.move_to(self._shop.clock.now() + timedelta(hours=2))
        self._shop.sandbox.expire_due()
        sweeping.fetch_undelivered(self._shop.services)
        sweeping.end_holds(self._shop.services)
        sweeping.settle_awaiting(self._shop.services)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    card=st.sampled_from(CARDS),
    steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=8),
)
def test_every_order_of_events_ends_with_money_and_goods_in_balance(
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    card: str,
    steps: list[str],
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    with databases.fresh() as url:
        shop = open_shop(some_settings(Path(folder), url), FixedClock(START))
        with shop.app.app_context():
            reader = Reader(shop, card)
            for step in steps:
                getattr(reader, step)()
                assert_invariants()
            reader.finish()
            _assert_at_rest(shop)
            db.session.remove()
            db.engine.dispose()


def _assert_at_rest(shop: Shop) -> None:
    from sqlalchemy import select

    from store.orders.models import Order

    assert_invariants(shop.sandbox)
    states = db.session.scalars(select(Order.state)).all()
    assert set(states) <= {OrderState.PAID, OrderState.EXPIRED, OrderState.CANCELLED}
    assert len(mails("orders.confirmed")) == states.count(OrderState.PAID)
