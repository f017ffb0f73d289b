"""Readers buy while the shop is copied: what was finished is there, and Stripe knows the rest."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from store.catalog.models import Variant
from store.checkout.reconciling import reconcile
from store.cli.backup import backup
from store.clock import FixedClock
from store.database import db, writing
from store.orders.models import Order, OrderState
from store.services import Services
from tests.backup.moving import Place, archives, let_go, new_place, restore
from tests.browser.live import LiveShop, live_shop
from tests.builders import a_product
from tests.invariants import assert_invariants
from tests.journeys.test_last_units import Reader

pytestmark = pytest.mark.slow

AT_ONCE, BEFORE, LATER = 4, 8, 8
"""Readers at once, and how many orders are to be finished before the backup and after it began."""


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[LiveShop]:
    with live_shop(tmp_path, database_url, trusted_proxies="127.0.0.0/8") as shop:
        yield shop


@pytest.fixture
def elsewhere(live: LiveShop, tmp_path: Path) -> Iterator[Place]:
    yield from new_place(live.services.settings, live.services, tmp_path)


class Crowd:
    """Readers who buy one after the other until they are told to go home."""

    def __init__(self, shop: LiveShop, variant_id: int) -> None:
        self._shop, self._variant_id = shop, variant_id
        self._is_over = threading.Event()
        self._came = threading.Condition()
        self.endings: list[str] = []
        self._threads = [
            threading.Thread(target=self._buy_on, args=(number,)) for number in range(AT_ONCE)
        ]

    def open_doors(self) -> None:
        for thread in self._threads:
            thread.start()

    def go_home(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self.endings) >= count, timeout=120)

    def _buy_on(self, number: int) -> None:
        while not self._is_over.is_set():
            ending = Reader(self._shop, number).buy(self._variant_id)
            with self._came:
                self.endings.append(ending)
                self._came.notify_all()


def test_shop_that_was_copied_while_readers_bought_stands_elsewhere(
    live: LiveShop, elsewhere: Place, tmp_path: Path
) -> None:
    with live.app.app_context(), writing():
        a_product(live.services.clock, stock=10_000)
        variant_id = db.session.scalars(select(Variant.id)).one()
    crowd, folder = Crowd(live, variant_id), tmp_path / "backups"
    crowd.open_doors()
    try:
        crowd.wait_for(BEFORE)
        finished = paid_in(live)
        made = live.app.test_cli_runner().invoke(backup, [str(folder), "--quiet"])
        crowd.wait_for(len(crowd.endings) + LATER)
    finally:
        crowd.go_home()
    assert made.exit_code == 0, made.output
    assert set(crowd.endings) == {"paid"}

    result = restore(elsewhere, archives(folder)[0])

    assert result.exit_code == 0, result.output
    restored = elsewhere.open()
    with restored.app_context():
        there = paid_in_this_shop()
        assert finished
        assert finished <= there
        assert_invariants()
        db.session.rollback()
        found = reconcile(later(elsewhere.services))
        assert_invariants()
        known = paid_in_this_shop()
    let_go(restored)
    everything = paid_in(live)
    named = {one.number for one in found if one.what == "paid at Stripe, unknown here"}
    assert [one for one in found if one.number not in named] == []
    # What began before the copy is settled by Stripe's word, and what began after it is named.
    assert known | named == everything
    assert not known & named


def later(services: Services) -> Services:
    """Ten minutes after: until then an order waits for the webhook that may still come."""
    return replace(services, clock=FixedClock(services.clock.now() + timedelta(minutes=10)))


def paid_in(shop: LiveShop) -> set[str]:
    with shop.app.app_context():
        return paid_in_this_shop()


def paid_in_this_shop() -> set[str]:
    db.session.rollback()
    numbers = set(db.session.scalars(select(Order.number).where(Order.state == OrderState.PAID)))
    db.session.rollback()
    return numbers
