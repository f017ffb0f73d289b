"""What is not needed is not kept."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db, writing
from store.orders.models import Order, OrderLookup, Readdressing
from store.orders.queries import locked_order
from store.orders.readdressing import Destination, readdress
from store.orders.tasks import sweeps
from tests.buying import (
    a_variant,
    buy,
    check_out,
    deliver,
    fill_cart,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop


def _forget_after(shop: Shop, days: int) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(days=days))
    for sweep in sweeps(shop.services):
        sweep.run()
    db.session.rollback()


def test_order_that_was_never_paid_is_forgotten_after_a_month(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop)
    fill_cart(reader, variant_id)
    check_out(reader)
    reader.get("/checkout/back")
    _forget_after(shop, 29)
    assert db.session.scalar(select(func.count(Order.id))) == 1

    _forget_after(shop, 2)

    assert db.session.scalar(select(func.count(Order.id))) == 0
    assert_invariants()


def test_order_whose_bank_did_not_pay_is_forgotten_with_its_addresses(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, "4000000000002222")
    thanks(reader, session_id)
    order_id = the_order().id
    with writing():
        order = locked_order(order_id)
        elsewhere = {"line1": "7 Proof Place", "city": "Fremantle", "country": "AU"}
        readdress(order, Destination("Robin", "", elsewhere), shop.services, actor="sam")
    shop.sandbox.settle_delayed()
    deliver(shop)

    _forget_after(shop, 31)

    assert db.session.scalar(select(func.count(Order.id))) == 0
    assert db.session.scalar(select(func.count(Readdressing.id))) == 0


def test_paid_and_open_orders_are_kept(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_variant(shop)
    thanks(reader, buy(shop, reader, variant_id))
    fill_cart(reader, variant_id)
    check_out(reader)

    _forget_after(shop, 400)

    assert db.session.scalar(select(func.count(Order.id))) == 2
    assert_invariants()


def test_who_asked_for_links_is_forgotten(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    post(reader, "/orders/find", email="robin@example.org")

    _forget_after(shop, 3)

    assert db.session.scalars(select(OrderLookup)).all() == []
