"""Search engines read of a product what a reader sees: price, stock, sending, sending back."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from store.catalog.identifying import is_gtin
from store.catalog.prices.changing import PriceWanted, change_prices
from store.database import writing
from tests.builders import a_product, aud
from tests.pages import Page
from tests.shop import Shop


def offer_of(shop: Shop, reader: FlaskClient, dollars: float = 45) -> dict[str, Any]:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="tee", price=aud(dollars))
    offer: dict[str, Any] = Page(reader.get("/products/tee")).structured("Product")["offers"]
    return offer


def test_it_says_what_sending_costs_and_takes(shop: Shop, reader: FlaskClient) -> None:
    details = offer_of(shop, reader)["shippingDetails"]

    assert details["shippingRate"]["value"] == "8.95"
    assert details["shippingDestination"]["addressCountry"] == "AU"
    assert details["deliveryTime"]["transitTime"]["maxValue"] == 6


def test_what_is_dear_enough_is_sent_for_nothing(shop: Shop, reader: FlaskClient) -> None:
    assert offer_of(shop, reader, 120)["shippingDetails"]["shippingRate"]["value"] == "0.00"


def test_it_says_how_long_one_may_send_it_back(shop: Shop, reader: FlaskClient) -> None:
    policy = offer_of(shop, reader)["hasMerchantReturnPolicy"]

    publisher = Page(reader.get("/products/tee")).structured("Organization")
    assert policy == {"@id": publisher["hasMerchantReturnPolicy"]["@id"]}
    assert publisher["hasMerchantReturnPolicy"]["merchantReturnDays"] == 30


def test_a_sale_says_what_it_was_and_until_when(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        ends = shop.clock.now() + timedelta(days=2)
        wanted = [PriceWanted(product.variants[0].id, aud(30))]
        change_prices(product, wanted, shop.clock, starts_at=None, ends_at=ends)

    offer = Page(reader.get("/products/tee")).structured("Product")["offers"]

    assert offer["price"] == "30.00"
    assert offer["priceSpecification"]["price"] == "45.00"
    assert offer["priceValidUntil"] == ends.isoformat()


def test_what_is_not_sent_costs_no_sending(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="pdf").variants[0].requires_shipping = False

    offer = Page(reader.get("/products/pdf")).structured("Product")["offers"]

    assert "shippingDetails" not in offer


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("4006381333931", True),
        ("036000291452", True),
        ("96385074", True),
        ("4006381333932", False),
        ("2000000000008", False),
        ("0000000000000", False),
        ("SKU-1", False),
        ("", False),
    ],
)
def test_only_numbers_of_the_whole_world_are_told_as_such(code: str, *, known: bool) -> None:
    assert is_gtin(code) is known
