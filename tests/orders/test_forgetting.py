"""What is not needed is not kept."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db
from store.orders.models import Order, OrderLookup
from store.orders.tasks import sweeps
from tests.buying import a_variant, buy, check_out, fill_cart, post, thanks
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
