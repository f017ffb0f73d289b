"""How an order is made to agree with what was paid, and what happens when it cannot be."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.cart.models import CartLine
from store.checkout import sweeping
from store.checkout.settling import settle
from store.checkout.staffing import accept
from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.lifecycle import StepRefusedError
from store.orders.links import order_path
from store.orders.models import OrderState
from store.orders.queries import order_of_session
from store.orders.refunding import RefundWish, refund_order
from tests.buying import (
    a_variant,
    buy,
    change_at_stripe,
    check_out,
    deliver,
    fill_cart,
    mails,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"currency": "usd"}, "currency is AUD here and USD"),
        ({"amount_subtotal": 1}, "subtotal is 4500 here and 1"),
        ({"amount_total": 1}, "total is 5395 here and 1"),
        ({"total_details": {"amount_shipping": 0}}, "shipping is 895 here and 0"),
        ({"total_details": {"amount_tax": 5}}, "tax is 0 here and 5"),
        ({"total_details": {"amount_discount": 5}}, "discount is 0 here and 5"),
        ({"client_reference_id": "GN-OTHER"}, "order is "),
        (
            {
                "collected_information": {
                    "shipping_details": {"name": "R", "address": {"country": "US", "line1": "1"}}
                }
            },
            "would go to US",
        ),
    ],
)
def test_payment_of_something_else_parks_the_order(
    app: Flask, shop: Shop, reader: FlaskClient, changed: dict[str, Any], words: str
) -> None:
    session_id = buy(shop, reader, a_variant(shop, stock=1))
    change_at_stripe(shop, session_id, **changed)

    page = thanks(reader, session_id)

    order = the_order()
    assert order.state == OrderState.PARKED
    assert words in order.parked_reason
    assert "a person" in page.text
    assert [mail.kind for mail in mails()] == ["orders.attention"]
    assert_invariants()


def test_address_of_odd_characters_is_kept_as_plain_lines(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    address = {"country": "AU", "line1": "1 Any\x00\r\nStreet", "city": "Perth\ud800"}
    buyer = {"phone": "+61\x07 400\u2028000", "email": "robin@example.org\x00"}
    shipping = {"shipping_details": {"name": "Robin\x00\nRed", "address": address}}
    change_at_stripe(shop, session_id, customer_details=buyer, collected_information=shipping)

    page = thanks(reader, session_id)

    order = the_order()
    assert (page.status_code, order.state) == (200, OrderState.PAID)
    assert (order.name, order.phone, order.email) == (
        "Robin Red",
        "+61 400 000",
        "robin@example.org",
    )
    assert order.address == {"country": "AU", "line1": "1 Any Street", "city": "Perth"}
    assert reader.get(order_path(order, shop.services.settings)).status_code == 200


def test_parked_order_is_not_parked_or_mailed_twice(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    change_at_stripe(shop, session_id, amount_total=1)

    thanks(reader, session_id)
    deliver(shop)
    thanks(reader, session_id)

    assert len(mails()) == 1
    assert len(the_order().payments) == 1


def test_parked_order_ships_once_staff_accept_it(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    change_at_stripe(shop, session_id, amount_total=1)
    thanks(reader, session_id)

    accept(the_order(), shop.services, actor="robin")

    assert the_order().state == OrderState.PAID
    assert [mail.kind for mail in mails()] == [
        "orders.attention",
        "orders.confirmed",
        "orders.new",
    ]
    assert_invariants()
    with pytest.raises(StepRefusedError):
        accept(the_order(), shop.services, actor="robin")


def test_parked_order_can_be_refunded(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_variant(shop, stock=1)
    session_id = buy(shop, reader, variant_id)
    change_at_stripe(shop, session_id, currency="usd")
    thanks(reader, session_id)

    refund_order(the_order(), RefundWish(), shop.services, actor="robin")

    assert the_order().state == OrderState.REFUNDED
    assert db.session.get_one(StockLevel, variant_id).available == 1
    assert_invariants()


def _let_the_hold_end(shop: Shop, session_id: str) -> None:
    """Release the order although its page was paid, as a missed event and a wrong clock would."""
    change_at_stripe(shop, session_id, status="expired", payment_status="unpaid")
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=46))
    sweeping.end_holds(shop.services)
    assert the_order().state == OrderState.EXPIRED
    change_at_stripe(shop, session_id, status="complete", payment_status="paid")


def test_payment_after_the_release_takes_the_units_again(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    session_id = buy(shop, reader, variant_id)
    _let_the_hold_end(shop, session_id)

    deliver(shop)

    assert the_order().state == OrderState.PAID
    assert the_order().lines[0].shortage == 0
    assert db.session.get_one(StockLevel, variant_id).available == 0
    assert_invariants(shop.sandbox)


def test_payment_after_the_units_were_sold_is_kept_as_a_shortage(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    session_id = buy(shop, reader, variant_id)
    _let_the_hold_end(shop, session_id)
    other = shop.browser()
    fill_cart(other, variant_id)
    session_of(check_out(other))

    thanks(reader, session_id)

    order = order_of_session(session_id)
    assert order is not None
    assert order.state == OrderState.PAID
    assert order.lines[0].shortage == 1
    assert "shortage" in [event.kind for event in order.events]
    attention = mails("orders.attention")[0]
    assert f"store orders refund {order.number}" in attention.text
    assert_invariants(shop.sandbox)


def test_cart_that_grew_after_the_checkout_keeps_what_was_not_paid(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    later = a_variant(shop, title="Corrections mug")
    fill_cart(reader, later)

    page = thanks(reader, session_id)

    assert [line.variant_id for line in db.session.scalars(select(CartLine))] == [later]
    assert "cart_count=1" in page.headers["Set-Cookie"]


def test_reader_without_a_mailbox_still_has_an_order(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    change_at_stripe(shop, session_id, customer_details={"email": "not an address"})

    thanks(reader, session_id)

    assert the_order().state == OrderState.PAID
    assert [mail.kind for mail in mails()] == ["orders.attention", "orders.new"]


def test_settling_again_changes_nothing(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    buy(shop, reader, a_variant(shop))
    settle(the_order(), shop.services)
    before = [event.id for event in the_order().events]

    settle(the_order(), shop.services)

    assert [event.id for event in the_order().events] == before


def test_expired_page_lets_the_order_go_and_keeps_the_cart(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    session_of(check_out(reader))
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=41))
    shop.sandbox.expire_due()

    deliver(shop)

    assert the_order().state == OrderState.EXPIRED
    assert db.session.get_one(StockLevel, variant_id).available == 1
    assert len(db.session.scalars(select(CartLine)).all()) == 1
    assert mails() == []


def test_snapshot_of_an_order_outlives_its_product(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    from store.catalog.models import Variant

    variant_id = a_variant(shop, title="Late Edition tee")
    session_id = buy(shop, reader, variant_id)
    with writing():
        variant = db.session.get_one(Variant, variant_id)
        variant.price_minor, variant.product.title = 1, "Something else"

    thanks(reader, session_id)

    assert the_order().state == OrderState.PAID
    assert (the_order().lines[0].title, the_order().subtotal_minor) == ("Late Edition tee", 4500)
