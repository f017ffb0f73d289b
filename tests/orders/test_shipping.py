"""What leaves the shelf, and when."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.lifecycle import FulfilmentStatus, fulfilment_status
from store.orders.queries import locked_order
from store.orders.shipping import NotShippableError, Parcel, ship_parcel
from tests.buying import a_variant, buy, check_out, fill_cart, thanks, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop


def _ship(shop: Shop, **units: int) -> None:
    order_id = the_order().id
    with writing():
        order = locked_order(order_id)
        chosen = {order.lines[0].id: units["units"]} if units else {}
        ship_parcel(order, Parcel(chosen, "Post", "T1"), shop.services, actor="robin")


def test_parcel_takes_its_units_off_the_shelf(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    variant_id = a_variant(shop, stock=3)
    thanks(reader, buy(shop, reader, variant_id, quantity=2))

    _ship(shop)

    level = db.session.get_one(StockLevel, variant_id)
    assert (level.on_hand, level.reserved) == (1, 0)
    assert fulfilment_status(the_order()) is FulfilmentStatus.SHIPPED
    assert_invariants(shop.sandbox)


def test_order_may_leave_in_two_parcels(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    thanks(reader, buy(shop, reader, a_variant(shop, stock=3), quantity=3))

    _ship(shop, units=1)

    assert fulfilment_status(the_order()) is FulfilmentStatus.PARTLY_SHIPPED
    _ship(shop, units=2)
    assert fulfilment_status(the_order()) is FulfilmentStatus.SHIPPED
    assert_invariants(shop.sandbox)


@pytest.mark.parametrize("units", [0, -1, 3])
def test_parcel_of_more_than_is_left_is_refused(
    app: Flask, shop: Shop, reader: FlaskClient, units: int
) -> None:
    thanks(reader, buy(shop, reader, a_variant(shop, stock=9), quantity=2))

    with pytest.raises(NotShippableError):
        _ship(shop, units=units)

    assert_invariants(shop.sandbox)


def test_unpaid_order_is_not_shipped(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)

    with pytest.raises(NotShippableError):
        _ship(shop)
