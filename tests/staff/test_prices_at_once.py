"""Whoever changes the same prices at the same moment does so one after the other."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest

from store.catalog.models import Product
from store.catalog.prices.changing import PriceWanted, change_prices, changes_of
from store.catalog.tasks import follow_prices
from store.database import db, writing
from store.staff.audit import Actor, history
from store.staff.product_prices import take_back, thing_of
from store.staff.products import product_of
from tests.builders import a_product, aud
from tests.shop import Shop

pytestmark = pytest.mark.slow

ROUNDS = 8
DESK = Actor(None, "the desk")


def a_tee_that_will_cost_50(shop: Shop) -> int:
    """Sell a tee for 45, and from a moment that has just come for 50, for good."""
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, price=aud(45))
        change_prices(
            product,
            [PriceWanted(product.variants[0].id, aud(50))],
            shop.clock,
            starts_at=shop.clock.now() + timedelta(minutes=1),
            ends_at=None,
        )
        number = product.id
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=2))
    return number


def at_once(shop: Shop, acts: Sequence[Callable[[], None]]) -> None:
    start = threading.Barrier(len(acts))

    def do(act: Callable[[], None]) -> None:
        with shop.app.app_context():
            start.wait()
            act()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def taking_back(shop: Shop, number: int, outcomes: list[bool]) -> Callable[[], None]:
    def act() -> None:
        with writing():
            ids = [change.id for change in changes_of(number, shop.clock.now())]
            was_there = take_back(product_of(number), ids, actor=DESK, services=shop.services)
        outcomes.append(was_there)

    return act


def test_a_price_is_taken_back_once_and_written_down_once(shop: Shop) -> None:
    for _round in range(ROUNDS):
        number, outcomes = a_tee_that_will_cost_50(shop), list[bool]()

        at_once(shop, [taking_back(shop, number, outcomes)] * 4)

        assert sorted(outcomes) == [False, False, False, True]
        with shop.app.app_context():
            entries = history(thing_of(product_of(number)), limit=10)
            assert [entry.act for entry in entries] == ["prices.taken_back"]


def test_what_was_taken_back_does_not_become_the_price_for_good(shop: Shop) -> None:
    for _round in range(ROUNDS):
        number, outcomes = a_tee_that_will_cost_50(shop), list[bool]()

        follow = partial(follow_prices, number, shop.services)
        at_once(shop, [taking_back(shop, number, outcomes), follow])

        with shop.app.app_context():
            own = db.session.get_one(Product, number).variants[0].price
        assert (outcomes, own) in (([True], aud(45)), ([False], aud(50)))
