"""A process that dies leaves rows from which the sweeps find the way on."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.cart.models import Cart
from store.checkout import sweeping
from store.checkout.drafting import draft_of
from store.checkout.inbox import receive
from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.models import Order, OrderState
from store.orders.placing import place_order
from store.sandbox.stripe.state import Shelf
from tests.buying import a_variant, buy, check_out, fill_cart, session_of, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop


def _place_and_die(shop: Shop) -> None:
    """Do what a checkout does up to its first commit, and no more."""
    with writing():
        cart = db.session.scalars(select(Cart)).one()
        place_order(draft_of(cart, shop.services), "", shop.services)


def test_order_placed_by_a_process_that_died_is_let_go(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    _place_and_die(shop)
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=6))

    sweeping.close_lost_pages(shop.services)

    assert the_order().state == OrderState.CANCELLED
    assert db.session.get_one(StockLevel, variant_id).available == 1
    assert_invariants(shop.sandbox)


def test_next_click_goes_on_where_the_process_died(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop, stock=1))
    _place_and_die(shop)

    session_of(check_out(reader))

    assert [order.state for order in db.session.scalars(select(Order))] == [OrderState.PENDING]
    assert len(shop.sandbox.account.state.scan(Shelf.SESSION)) == 1


def test_event_stored_by_a_process_that_died_is_run_later(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    buy(shop, reader, a_variant(shop))
    since = shop.clock.now() - timedelta(hours=1)
    for event in list(shop.services.payments.undelivered_events(since)):
        receive(event, shop.clock)
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=11))

    sweeping.replay_inbox(shop.services)

    assert the_order().state == OrderState.PAID
    assert_invariants(shop.sandbox)
