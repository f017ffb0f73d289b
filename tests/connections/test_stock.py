"""Partners who wish to know are told whose shelf moved, once for each, a moment later."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from store.catalog.models import Variant
from store.catalog.tasks import sweeps
from store.connections.models import Kind
from store.database import db, writing
from store.inventory import stock
from tests.buying import a_variant
from tests.connections.receiver import Receiver, an_endpoint, run_due, told
from tests.shop import Shop


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    variant_id = a_variant(shop, stock=5)
    with writing():
        db.session.get_one(Variant, variant_id).sku = "GN-TEE-M"
    return variant_id


def _move(shop: Shop, variant_id: int, delta: int) -> None:
    with writing():
        stock.adjust(variant_id, delta, cause="a test", actor="robin", clock=shop.clock)


def _sweep(shop: Shop) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=2))
    for sweep in sweeps(shop.services):
        if sweep.name == "catalog.tell_stock":
            sweep.run()


def test_a_shelf_that_moved_twice_is_told_once(shop: Shop, tee: int, receiver: Receiver) -> None:
    endpoint_id = an_endpoint(shop, receiver.url, (Kind.STOCK_CHANGED,))
    _sweep(shop)
    _move(shop, tee, -1)
    _move(shop, tee, -2)

    _sweep(shop)
    _sweep(shop)
    run_due(shop)

    assert len(told(endpoint_id)) == 1
    data = json.loads(receiver.bodies[0])["data"]
    assert data == {"sku": "GN-TEE-M", "on_hand": 2, "available": 2}


def test_whoever_comes_later_is_told_nothing_of_before(
    shop: Shop, tee: int, receiver: Receiver
) -> None:
    _sweep(shop)
    _move(shop, tee, -1)
    _sweep(shop)

    endpoint_id = an_endpoint(shop, receiver.url, (Kind.STOCK_CHANGED,))
    _sweep(shop)

    assert told(endpoint_id) == []
