"""Promises about what stands in where a story speaks of nothing that is sold."""

from datetime import timedelta

from flask import Flask

from store.database import bump_public_version, writing
from store.widget.bestsellers import bestsellers
from tests.builders import a_product
from tests.buying import buy, thanks
from tests.catalog.counting import counted_queries
from tests.shop import Shop


def test_what_sold_more_comes_first_from_the_next_day_on(app: Flask, shop: Shop) -> None:
    with writing():
        first, second = a_product(shop.clock), a_product(shop.clock)
    reader = shop.browser()
    thanks(reader, buy(shop, reader, second.variants[0].id))

    assert bestsellers(1, shop.clock.now()) == [first.id, second.id]
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    assert bestsellers(1, shop.clock.now()) == [second.id, first.id]


def test_orders_are_looked_through_once_a_day(app: Flask, shop: Shop) -> None:
    with writing():
        a_product(shop.clock)
    bestsellers(1, shop.clock.now())
    with writing():
        added = a_product(shop.clock)
        bump_public_version()

    with counted_queries() as statements:
        assert added.id in bestsellers(2, shop.clock.now())

    assert not [one for one in statements if "order_line" in one]
