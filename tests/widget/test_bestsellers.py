"""What stands under stories that speak of nothing that is sold."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Product
from store.database import bump_public_version, db, writing
from store.widget.choosing import Ground
from store.widget.matching import choose
from store.widget.stories import Story
from tests.builders import a_collection, a_product
from tests.buying import a_variant, buy, thanks
from tests.catalog.counting import counted_queries
from tests.shop import Shop

STORY = Story(title="Qwertz", section="Zxcv")
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


def handles(shop: Shop, now: datetime | None = None) -> list[str]:
    with shop.app.app_context():
        picks = choose(STORY, now=now or shop.clock.now()).picks
        assert {pick.ground for pick in picks} <= {Ground.BESTSELLER}
        names = {product.id: product.handle for product in db.session.scalars(select(Product))}
        return [names[pick.product_id] for pick in picks]


def test_what_was_sold_comes_first_from_the_next_day_on(shop: Shop, reader: FlaskClient) -> None:
    a_variant(shop, handle="plain")
    thanks(reader, buy(shop, reader, a_variant(shop, handle="wanted")))

    # What was paid a moment before midnight may not be written down yet.
    moments = [shop.clock.now(), MIDNIGHT.replace(minute=4), MIDNIGHT.replace(minute=6)]
    first = [handles(shop, moment)[0] for moment in moments]

    assert first == ["plain", "plain", "wanted"]


def test_sold_out_ones_leave_their_room_to_others(shop: Shop, app: Flask) -> None:
    with writing():
        gone = [a_product(shop.clock, title=f"Gone {number}", stock=0) for number in range(90)]
        a_collection(shop.clock, gone)
        a_product(shop.clock, handle="still-there")

    assert handles(shop) == ["still-there"]


@pytest.mark.parametrize(("is_published", "first"), [(True, "younger"), (False, "older")])
def test_they_stand_as_the_shop_lays_them_out(
    shop: Shop, app: Flask, *, is_published: bool, first: str
) -> None:
    with writing():
        a_product(shop.clock, handle="older")
        younger = a_product(shop.clock, handle="younger")
        a_collection(shop.clock, [younger]).is_published = is_published

    assert handles(shop)[0] == first


def test_change_of_the_catalogue_does_not_count_orders_again(shop: Shop, app: Flask) -> None:
    with writing():
        a_product(shop.clock)
    handles(shop)
    with writing():
        a_product(shop.clock)
        bump_public_version()

    with counted_queries() as asked:
        found = handles(shop)

    assert len(found) == 2
    assert not [question for question in asked if "order_line" in question]
