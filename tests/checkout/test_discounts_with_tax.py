"""What is given off where shipping depends on the place and tax comes on top."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Product, TaxClass, Variant
from store.database import db, writing
from store.orders.models import Order, OrderState
from store.orders.papers.models import TaxPaper
from store.orders.refund_plans import RefundWish
from store.orders.refunding import refund_order
from store.pricing.discounts import DiscountKind
from store.pricing.tax import Taxes, TaxRule, TaxRules
from store.pricing.writing_rates import write_rates
from store.pricing.writing_taxes import write_taxes
from store.sandbox.stripe.purchase import Address
from store.sandbox.stripe.state import Shelf
from tests.builders import aud
from tests.buying import (
    a_variant,
    check_out,
    fill_cart,
    page_at_stripe,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.checkout.test_places import COUNTER, EXPRESS, HOME, PERTH, WEST, go_to, gst, rates, terms
from tests.discounts import a_discount, apply
from tests.invariants import assert_invariants
from tests.shop import Shop

pytestmark = pytest.mark.usefixtures("app")
TWO_RATES = Taxes(
    (
        TaxRule("GST", "AU", (), TaxClass.STANDARD, 100_000),
        TaxRule("Levy", "AU", (), TaxClass.REDUCED, 25_000),
    ),
    TaxRules(is_included=False),
)


def paid(shop: Shop, reader: FlaskClient, address: Address | None = None) -> str:
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=address or Address())
    thanks(reader, session_id)
    return session_id


def refund(shop: Shop, **wish: Any) -> None:
    refund_order(the_order(), RefundWish(**wish), shop.services, actor="staff")


def papers() -> list[TaxPaper]:
    db.session.rollback()
    return list(db.session.scalars(select(TaxPaper).order_by(TaxPaper.id)))


def test_tax_comes_on_top_of_what_is_left(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME)
    terms(shop, gst())
    a_discount(shop)
    fill_cart(reader, a_variant(shop, price=aud(19.95)), 3)
    apply(reader, "WELCOME10")
    session_id = paid(shop, reader)

    order, session = the_order(), page_at_stripe(shop, session_id)
    assert (order.state, order.parked_reason) == (OrderState.PAID, "")
    assert (order.subtotal_minor, order.discount_minor) == (5985, 599)
    assert order.tax_minor == 539 + 90
    assert order.total_minor == 5985 - 599 + 895 + 629 == session.amounts.total
    assert (session.amounts.discount, session.amounts.tax) == (599, 539)
    assert_invariants(shop.sandbox)


def test_stripes_own_tax_is_of_what_is_left(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME)
    terms(shop, gst(is_by_stripe=True))
    a_discount(shop)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    apply(reader, "WELCOME10")
    paid(shop, reader)

    order = the_order()
    assert (order.state, order.parked_reason) == (OrderState.PAID, "")
    assert (order.discount_minor, order.tax_minor) == (450, 405 + 90)
    assert order.total_minor == 4050 + 895 + 495


def test_free_shipping_reaches_its_own_part_and_no_dearer_one(
    shop: Shop, reader: FlaskClient
) -> None:
    rates(shop, HOME, WEST)
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", "NSW", "2000")
    paid(shop, reader)
    own = the_order()
    assert (own.state, own.shipping_minor) == (OrderState.PAID, 0)

    another = shop.app.test_client()
    fill_cart(another, own.lines[0].variant_id or 0)
    go_to(another, "AU", "NSW", "2000")
    paid(shop, another, PERTH)
    db.session.rollback()
    reasons = [order.parked_reason for order in db.session.scalars(select(Order))]
    assert "sending it to WA costs 1295, 895 was paid" in reasons


def test_what_comes_off_follows_the_way_that_is_picked(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, EXPRESS)
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING)
    fill_cart(reader, a_variant(shop))
    post(reader, "/cart/shipping", way="Express")
    session_id = session_of(check_out(reader))

    options = shop.sandbox.account.state.take(Shelf.SESSION, session_id)["shipping_options"]
    order = the_order()
    assert len(options) == 1
    assert (order.shipping_name, order.shipping_minor) == ("Express", 0)
    assert [use.amount_minor for use in order.redemptions] == [1495]


def test_what_is_picked_up_for_nothing_asks_for_no_address(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, COUNTER)
    a_discount(shop, basis_points=10_000)
    fill_cart(reader, a_variant(shop))
    post(reader, "/cart/shipping", way="Our counter")
    apply(reader, "WELCOME10")

    form = reader.get(check_out(reader).headers["Location"]).text
    post(reader, "/checkout/free", email="robin@reader.org", name="Robin")

    order = the_order()
    assert 'name="postal_code"' not in form
    assert (order.state, order.total_minor, order.is_picked_up) == (OrderState.PAID, 0, True)


def test_a_free_parcel_goes_to_no_dearer_part(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WEST)
    a_discount(shop, basis_points=10_000, combines=True)
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING, combines=True)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", "NSW", "2000")
    apply(reader, "WELCOME10")
    typed = {
        "name": "Robin",
        "line1": "1 Hay St",
        "city": "Perth",
        "state": "WA",
        "postal_code": "6000",
        "country": "AU",
        "email": "robin@reader.org",
    }

    refused = post(reader, "/checkout/free", **typed)
    home = {"city": "Sydney", "state": "NSW", "postal_code": "2000"}
    post(reader, "/checkout/free", **(typed | home))

    assert refused.headers["Location"] == "/cart?notice=changed"
    assert (the_order().state, the_order().address["state"]) == (OrderState.PAID, "NSW")


def test_refunds_give_back_the_tax_on_top_by_its_rates(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME)
    terms(shop, TWO_RATES)
    a_discount(shop)
    fill_cart(reader, a_variant(shop, price=aud(19.95)), 3)
    book = a_variant(shop, price=aud(7.35))
    with writing():
        variant = db.session.get_one(Variant, book)
        db.session.get_one(Product, variant.product_id).tax_class = TaxClass.REDUCED
    fill_cart(reader, book, 2)
    apply(reader, "WELCOME10")
    paid(shop, reader)
    line = the_order().lines[1]
    whole, its_tax = line.total_minor + line.tax_minor, line.tax_minor
    refund(shop, line_ids=(line.id,))
    refund(shop, shipping=True)
    refund(shop)

    invoice, first, *others = papers()
    assert (first.total_minor, first.tax_minor) == (whole, its_tax)
    assert [told["name"] for told in first.tax_lines] == ["Levy"]
    assert sum(paper.total_minor for paper in (first, *others)) == invoice.total_minor
    for told in invoice.tax_lines:
        back = [
            int(str(own["tax"]))
            for paper in (first, *others)
            for own in paper.tax_lines
            if own["name"] == told["name"]
        ]
        assert sum(back) == told["tax"]
    assert_invariants(shop.sandbox)


def test_rates_keep_their_fractions_on_papers(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME)
    with shop.app.app_context(), writing():
        rule = TaxRule("Tax", "AU", (), TaxClass.STANDARD, 88_750)
        write_taxes(Taxes((rule,), TaxRules(is_included=False)), shop.clock, home="AU")
        write_rates((HOME,))
    fill_cart(reader, a_variant(shop, price=aud(45)))
    paid(shop, reader)

    invoice = papers()[0]
    told = invoice.tax_lines[0]
    assert (told["basis_points"], told["hundredths"]) == (887, 50)
    assert (told["taxed"], told["tax"]) == (4500 + 895, the_order().tax_minor)
