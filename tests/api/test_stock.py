"""Shelves that a partner keeps: read, adjusted and counted, each change in the ledger."""

import pytest
from flask import Flask
from sqlalchemy import select

from store.catalog.models import Variant
from store.database import db, writing
from store.inventory.models import StockMovement
from store.staff.models import AuditEntry
from tests.api.partner import Partner
from tests.buying import a_variant
from tests.invariants import assert_invariants
from tests.shop import Shop

SKU = "GN/TEE M"


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    variant_id = a_variant(shop, stock=5)
    with writing():
        db.session.get_one(Variant, variant_id).sku = SKU
    return variant_id


@pytest.fixture
def partner(shop: Shop, tee: int) -> Partner:
    return Partner(shop)


def _lying(partner: Partner) -> int:
    told = partner.get("stock", sku=SKU).json
    assert told is not None
    (level,) = told["levels"]
    assert isinstance(level["on_hand"], int)
    return level["on_hand"]


def test_what_came_and_went_is_in_the_ledger(shop: Shop, partner: Partner, tee: int) -> None:
    body = {"sku": SKU, "delta": -2, "reason": "damage", "note": "wet"}

    answer = partner.post("stock/adjustments", body)

    assert (answer.json or {})["on_hand"] == _lying(partner) == 3
    db.session.rollback()
    movement = db.session.scalars(
        select(StockMovement).order_by(StockMovement.id.desc()).limit(1)
    ).one()
    assert (movement.delta, movement.kind, movement.note) == (-2, "damage", "wet")
    assert movement.actor.startswith("Warehouse (API")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.before, entry.after) == ({"on_hand": 5}, {"on_hand": 3})
    assert_invariants(shop.sandbox)


def test_a_repeated_adjustment_counts_once(partner: Partner) -> None:
    body = {"sku": SKU, "delta": 4, "reason": "receive"}

    for _ in range(2):
        assert partner.post("stock/adjustments", body, key="delivery-7").status_code == 200

    assert _lying(partner) == 9


def test_no_more_goes_than_lies_there(partner: Partner) -> None:
    answer = partner.post("stock/adjustments", {"sku": SKU, "delta": -6, "reason": "adjust"})

    assert answer.status_code == 409
    assert _lying(partner) == 5


def test_a_count_stands_unless_the_shelf_moved(partner: Partner) -> None:
    assert (
        partner.post("stock/counts", {"sku": SKU, "on_hand": 8, "expected": 5}).status_code == 200
    )
    assert (
        partner.post("stock/counts", {"sku": SKU, "on_hand": 2, "expected": 5}).status_code == 409
    )
    assert partner.post("stock/counts", {"sku": SKU, "on_hand": 7}).status_code == 200
    assert _lying(partner) == 7


def test_what_nobody_counts_is_not_found(partner: Partner, tee: int) -> None:
    body = {"sku": "unknown", "delta": 1, "reason": "receive"}

    assert partner.post("stock/adjustments", body).status_code == 404
    assert (partner.get("stock", sku="unknown").json or {})["levels"] == []
    body = {"sku": SKU, "delta": 0, "reason": "receive"}
    assert partner.post("stock/adjustments", body).status_code == 422
