"""Promises about units that are sold before they are here: never more than are to come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask

from store.catalog.models import StockPolicy
from store.database import db, public_version, writing
from store.errors import InvalidError
from store.inventory import stock
from store.inventory.proof import proof
from tests.builders import a_product
from tests.inventory.queues import a_cart, hold
from tests.shop import Shop

DAY = date(2027, 1, 12)


def to_come(shop: Shop, units: int | None, on_hand: int = 0) -> int:
    with writing():
        product = a_product(shop.clock, stock=on_hand, policy=StockPolicy.PREORDER)
        variant = product.variants[0].id
        stock.expect(variant, comes_on=DAY, to_come=units)
    return variant


def test_no_more_is_sold_ahead_than_is_to_come(app: Flask, shop: Shop) -> None:
    variant = to_come(shop, 3, on_hand=1)

    assert hold(variant, a_cart(), shop.clock, units=5) is None
    assert hold(variant, a_cart(), shop.clock, units=4) is not None
    assert hold(variant, a_cart(), shop.clock) is None

    level = stock.levels([variant])[variant]
    assert (level.available, level.sellable, level.shortage, level.comes_on) == (-3, 0, 0, DAY)


def test_without_a_number_there_is_no_limit(app: Flask, shop: Shop) -> None:
    assert hold(to_come(shop, None), a_cart(), shop.clock, units=20) is not None


def test_delivery_takes_its_units_off_what_is_to_come(app: Flask, shop: Shop) -> None:
    variant = to_come(shop, 10)
    hold(variant, a_cart(), shop.clock, units=6)

    with writing():
        stock.receive(variant, 4, cause="delivery", actor="test", clock=shop.clock)

    level = stock.levels([variant])[variant]
    assert (level.to_come, level.sellable, level.shortage) == (6, 4, 0)
    with writing():
        stock.receive(variant, 20, cause="delivery", actor="test", clock=shop.clock)
    level = stock.levels([variant])[variant]
    assert (level.to_come, level.sellable) == (0, 18)


def test_fewer_to_come_than_are_sold_stands_as_shortage(app: Flask, shop: Shop) -> None:
    variant = to_come(shop, 5)
    line = hold(variant, a_cart(), shop.clock, units=5)
    assert line is not None

    with writing():
        stock.expect(variant, comes_on=DAY, to_come=2)
    assert stock.levels([variant])[variant].shortage == 3
    assert hold(variant, a_cart(), shop.clock) is None

    with writing():
        stock.release([line])
    assert stock.levels([variant])[variant].shortage == 0
    with pytest.raises(InvalidError), writing():
        stock.expect(variant, comes_on=DAY, to_come=-1)


def test_last_unit_to_come_is_news_for_pages(app: Flask, shop: Shop) -> None:
    variant = to_come(shop, 2)
    before = public_version(db.session.connection())

    hold(variant, a_cart(), shop.clock)
    assert public_version(db.session.connection()) == before
    hold(variant, a_cart(), shop.clock)
    assert public_version(db.session.connection()) > before


def test_policy_may_change_while_units_are_sold_ahead(app: Flask, shop: Shop) -> None:
    variant = to_come(shop, None)
    hold(variant, a_cart(), shop.clock, units=2)

    with writing():
        stock.set_policy(variant, may_oversell=False)
    assert stock.levels([variant])[variant].shortage == 2
    with writing():
        stock.set_policy(variant, may_oversell=True)
    assert stock.levels([variant])[variant].shortage == 0


@pytest.mark.slow
def test_units_to_come_go_to_as_many_of_many_buyers(shop: Shop) -> None:
    with shop.app.app_context():
        variant = to_come(shop, 5)
    start = Barrier(12)

    def buy(_number: int) -> bool:
        with shop.app.app_context():
            start.wait()
            return hold(variant, a_cart(), shop.clock) is not None

    with ThreadPoolExecutor(12) as buyers:
        assert sum(buyers.map(buy, range(12))) == 5

    with shop.app.app_context():
        assert (stock.levels([variant])[variant].sellable, proof()) == (0, [])
