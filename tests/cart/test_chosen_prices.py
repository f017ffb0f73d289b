"""Readers pay what they choose, within bounds that are asked again at the checkout."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.catalog.models import Variant
from store.clock import FixedClock
from store.database import db, writing
from store.money import Money
from store.orders.models import OrderState
from tests.builders import a_product
from tests.buying import check_out, post, session_of, thanks, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop, open_shop, some_settings


def a_sticker(shop: Shop, least: int = 500, most: int = 20_000, *suggested: int) -> int:
    """Put a sticker into the shop whose price is its reader's; return the variant's id."""
    price = Money(least, shop.services.settings.currency)
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, title="Supporter sticker", price=price, handle="sticker")
        variant = product.variants[0]
        variant.least_minor, variant.most_minor = least, most
        variant.suggested = list(suggested)
        return variant.id


def choose(reader: FlaskClient, variant_id: int, own_price: str, quantity: int = 1) -> int:
    fields = {"variant_id": variant_id, "quantity": quantity, "own_price": own_price}
    return post(reader, "/cart/lines", price="own", **fields).status_code


def test_chosen_price_is_what_is_paid(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    assert choose(reader, a_sticker(shop), "12.50") == 303
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    order = the_order()
    assert (order.state, order.lines[0].unit_price_minor) == (OrderState.PAID, 1_250)
    assert_invariants(shop.sandbox)


def test_page_offers_amounts_and_lists_say_from(shop: Shop, reader: FlaskClient) -> None:
    a_sticker(shop, 500, 20_000, 500, 1_000)

    page, listing = reader.get("/products/sticker").text, reader.get("/products").text

    assert 'value="10.00"' in page
    assert "From $5.00 to $200.00." in page
    assert '"minPrice": "5.00"' in page.replace('":"', '": "')
    assert "From $5.00" in listing


@pytest.mark.parametrize("typed", ["4.99", "200.01", "", "much", "12.345", "-5", "²"])
def test_what_may_not_be_chosen_is_refused_and_kept(
    shop: Shop, reader: FlaskClient, typed: str
) -> None:
    fields = {"variant_id": a_sticker(shop), "quantity": 3, "own_price": typed}

    answer = post(reader, "/cart/lines", price="own", **fields)

    assert answer.status_code == 422
    assert "Choose from $5.00 to $200.00" in answer.text
    assert f'value="{typed}"' in answer.text
    assert re.search(r'name="quantity"\s+value="3"', answer.text)


def test_another_price_takes_the_place_of_the_one_before(shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_sticker(shop)
    choose(reader, variant_id, "10", 2)

    answer = post(
        reader, "/cart/lines", variant_id=variant_id, quantity=1, price="own", own_price="25"
    )

    page = reader.get("/cart").text
    assert answer.headers["Location"] == "/cart?notice=price"
    assert "1 × $25.00" in page
    assert "$10.00" not in page


def test_same_price_adds_up(shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_sticker(shop)
    choose(reader, variant_id, "10", 2)
    choose(reader, variant_id, "10.00")

    assert "3 × $10.00" in reader.get("/cart").text


def test_bounds_that_changed_are_asked_again_and_set_right_in_the_cart(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_sticker(shop)
    choose(reader, variant_id, "10")
    with writing():
        db.session.get_one(Variant, variant_id).least_minor = 1_500

    page, stopped = reader.get("/cart").text, check_out(reader)
    line_id = page.split('id="line_')[1].split('"')[0]
    answer = post(reader, f"/cart/lines/{line_id}/price", price="15")

    assert "cannot be chosen any more" in page
    assert stopped.headers["Location"] == "/cart?notice=changed"
    assert answer.status_code == 303
    assert "/pay/" in check_out(reader).headers["Location"]


@pytest.mark.parametrize(
    ("currency", "country", "typed", "minor"),
    [("JPY", "JP", "1,250", 1_250), ("KWD", "KW", "12.340", 12_340)],
)
def test_prices_are_chosen_in_money_of_any_decimals(
    *,
    tmp_path: object,
    database_url: str,
    clock: FixedClock,
    currency: str,
    country: str,
    typed: str,
    minor: int,
) -> None:
    settings = some_settings(tmp_path, database_url, currency=currency, country=country)  # type: ignore[arg-type] # a path
    shop = open_shop(settings, clock)
    reader = shop.browser()
    variant_id = a_sticker(shop, 1_000, 900_000)

    assert choose(reader, variant_id, typed) == 303
    answer = check_out(reader)

    with shop.app.app_context():
        assert "/pay/" in answer.headers["Location"]
        assert the_order().lines[0].unit_price_minor == minor
    if currency == "KWD":
        assert choose(reader, variant_id, "12.345") == 422
