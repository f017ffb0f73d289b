"""A cart of what is mailed, or downloaded, asks nobody where it goes, unless tax hangs on it."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Product, TaxClass
from store.database import db, writing
from store.money import Money
from store.pricing.tax import Taxes, TaxRule
from store.pricing.writing_taxes import write_taxes
from tests.buying import a_variant, check_out, fill_cart, session_of, thanks, the_order
from tests.gift_cards.giving import a_gift_product
from tests.shop import Shop

ASKS = 'name="country"'


def a_file(shop: Shop) -> int:
    """Put something into the shop that is downloaded, and taxed as such; return its variant."""
    variant_id = a_variant(shop, price=Money(1_000, shop.services.settings.currency), tracked=False)
    with shop.app.app_context(), writing():
        product = db.session.scalars(select(Product).order_by(Product.id.desc())).first()
        assert product
        product.tax_class = TaxClass.DIGITAL
        product.variants[0].requires_shipping = False
    return variant_id


def tax(shop: Shop, *rules: TaxRule) -> None:
    with shop.app.app_context(), writing():
        write_taxes(Taxes(rules), shop.services.clock, home="AU")


def test_gift_cards_and_files_are_bought_without_a_place(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_gift_product(shop))
    fill_cart(reader, a_file(shop))

    page = reader.get("/cart").text
    session_id = session_of(check_out(reader))

    assert ASKS not in page
    assert "Nothing to send" in page
    assert "A gift, or a note" not in page
    shop.sandbox.pay(session_id)
    assert thanks(reader, session_id).status_code == 200
    assert the_order().state == "paid"


def test_whatever_goes_by_post_beside_them_is_asked_about(shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_gift_product(shop))
    fill_cart(reader, a_variant(shop))

    page = reader.get("/cart").text

    assert ASKS in page
    assert "Send it to" in page


def test_files_ask_where_their_reader_is_when_tax_hangs_on_it(
    shop: Shop, reader: FlaskClient
) -> None:
    tax(shop, _rule("AU"), _rule("DE"))
    fill_cart(reader, a_file(shop))

    page = reader.get("/cart").text

    assert ASKS in page
    assert "Where you are" in page


def test_gift_cards_bear_no_tax_anywhere_and_so_ask_nothing(
    shop: Shop, reader: FlaskClient
) -> None:
    tax(shop, _rule("AU", "NSW"), _rule("AU", "WA"), _rule("DE"))
    fill_cart(reader, a_gift_product(shop))

    assert ASKS not in reader.get("/cart").text
    assert session_of(check_out(reader))


def test_a_file_whose_tax_differs_by_state_asks_which(shop: Shop, reader: FlaskClient) -> None:
    tax(shop, _rule("AU", "NSW"), _rule("AU", "WA"))
    fill_cart(reader, a_file(shop))

    page = reader.get("/cart").text

    assert 'name="region"' in page
    assert "where in the country you are" in page


def _rule(country: str, *regions: str) -> TaxRule:
    return TaxRule("Tax", country, regions, TaxClass.STANDARD, 100_000)
