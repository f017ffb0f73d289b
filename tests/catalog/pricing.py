"""Prices that change by themselves, and what a reader is asked for meanwhile."""

from datetime import timedelta

from flask.testing import FlaskClient

from store.catalog.models import (
    Product,
)
from store.catalog.prices.changing import (
    PriceWanted,
    change_prices,
)
from store.clock import FixedClock
from store.money import Money
from tests.pages import Page
from tests.shop import Shop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def on_sale(
    product: Product,
    price: Money,
    clock: FixedClock,
    *,
    starts: timedelta = HOUR,
    lasts: timedelta | None = DAY,
) -> None:
    """Let every variant cost this from a while from now on."""
    begins = clock.now() + starts
    change_prices(
        product,
        [PriceWanted(variant.id, price) for variant in product.variants],
        clock,
        starts_at=begins,
        ends_at=begins + lasts if lasts else None,
    )


def on(shop: Shop, later: timedelta) -> None:
    shop.clock.move_to(shop.clock.now() + later)


def price_on_page(reader: FlaskClient) -> str:
    offer = Page(reader.get("/products/tee")).structured("Product")["offers"]
    return str(offer["price"])
