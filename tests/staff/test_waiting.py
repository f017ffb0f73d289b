"""Promises about what staff see and set of what readers wait for."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import StockPolicy, Variant
from store.database import db, writing
from store.inventory import stock
from store.jobs.models import OutboxRow
from store.orders.ahead.moving import TellNewDate
from store.staff.models import AuditEntry
from store.staff.roles import Role
from store.waiting.left_carts.mailing import count
from tests.builders import a_product
from tests.buying import buy, thanks
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of
from tests.waiting.queueing import stand_in_line, start_paying

DAY = "2027-01-12"


@pytest.fixture
def zine(app: Flask, shop: Shop) -> int:
    with writing():
        sizes = {"Size": ["A5", "A4"]}
        product = a_product(shop.clock, handle="zine", title="Zine", stock=0, options=sizes)
        return product.variants[0].id


@pytest.fixture
def desk(shop: Shop) -> FlaskClient:
    return at_the_desk(shop, role=Role.MANAGER)


def save(desk: FlaskClient, variant: int, **fields: str) -> int:
    path = f"/staff/waiting/{variant}"
    token = token_of(desk, path)
    answer = desk.post(path, data={"csrf_token": token, **fields})
    db.session.rollback()
    return answer.status_code


def ahead(variant: int) -> tuple[str, object, object]:
    db.session.rollback()
    level = stock.levels([variant])[variant]
    return db.session.get_one(Variant, variant).policy, level.comes_on, level.to_come


def test_variant_is_sold_ahead_with_a_day_and_a_number(
    shop: Shop, desk: FlaskClient, zine: int
) -> None:
    assert save(desk, zine, sold="ahead", ships_on=DAY, to_come="50") == 303

    assert ahead(zine) == (StockPolicy.PREORDER, date(2027, 1, 12), 50)
    assert "Pre-order – ships about 12 January" in shop.browser().get("/products/zine").text
    listed = desk.get("/staff/waiting/").text
    assert "Zine, A5" in listed
    assert "12 January 2027" in listed
    assert "Zine, A4" not in listed


def test_whole_product_is_set_at_once(desk: FlaskClient, zine: int) -> None:
    save(desk, zine, sold="ahead", ships_on=DAY, to_come="", all_variants="1")

    variants = db.session.scalars(select(Variant.id).order_by(Variant.id)).all()
    assert [ahead(number)[0] for number in variants] == [StockPolicy.PREORDER] * 2


def test_list_counts_orders_and_units_and_says_what_is_late(
    shop: Shop, desk: FlaskClient, zine: int
) -> None:
    save(desk, zine, sold="ahead", ships_on=DAY, to_come="")
    reader = shop.browser()
    thanks(reader, buy(shop, reader, zine, quantity=3))

    page = desk.get(f"/staff/waiting/{zine}").text
    assert "One order waits" in page
    assert "for 3 units." in page
    shop.clock.move_to(shop.clock.now() + timedelta(days=90))
    late = at_the_desk(shop, role=Role.MANAGER)
    assert "12 January 2027, and not here" in late.get("/staff/waiting/").text
    assert "pre-order past its day" in late.get("/staff/").text


def test_moved_day_has_readers_told(shop: Shop, desk: FlaskClient, zine: int) -> None:
    save(desk, zine, sold="ahead", ships_on=DAY, to_come="")
    reader = shop.browser()
    thanks(reader, buy(shop, reader, zine))

    save(desk, zine, sold="ahead", ships_on="2027-03-05", to_come="")

    assert "One order is told of it." in desk.get(f"/staff/waiting/{zine}").text
    kinds = db.session.scalars(select(OutboxRow.kind)).all()
    assert kinds.count(TellNewDate.kind) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sold": "ahead", "ships_on": "12 Jan"}, "Give a day such as"),
        ({"sold": "ahead", "ships_on": "2020-01-01"}, "That day has passed"),
        ({"sold": "ahead", "to_come": "many"}, "A whole number"),
        ({"sold": "ahead", "to_come": "-1"}, "From 0 to a million"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_kept(
    desk: FlaskClient, zine: int, fields: dict[str, str], words: str
) -> None:
    path = f"/staff/waiting/{zine}"
    answer = desk.post(path, data={"csrf_token": token_of(desk, path), **fields})

    assert answer.status_code == 422
    assert words in answer.text
    typed = fields.get("ships_on") or fields.get("to_come") or ""
    assert f'value="{typed}"' in answer.text
    assert ahead(zine)[0] == StockPolicy.DENY


def test_edit_is_in_the_audit_and_can_be_taken_back(desk: FlaskClient, zine: int) -> None:
    save(desk, zine, sold="ahead", ships_on=DAY, to_come="50")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "ahead.set")).one()
    path = f"/staff/waiting/{zine}"
    assert "Set when it is sold ahead" in desk.get(path).text

    desk.post(f"/staff/changes/{entry.id}/undo", data={"csrf_token": token_of(desk, path)})

    assert ahead(zine) == (StockPolicy.DENY, None, None)


def test_fulfilment_looks_and_changes_nothing(shop: Shop, zine: int) -> None:
    packer = at_the_desk(shop, role=Role.FULFILMENT)

    assert "Sold out when the shelf is empty." in packer.get(f"/staff/waiting/{zine}").text
    assert packer.get("/staff/waiting/999").status_code == 404


def test_queues_are_listed_with_their_counts(shop: Shop, desk: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        mug = a_product(shop.clock, title="Late mug", stock=1).variants[0].id
    payer, _ = start_paying(shop, mug)
    stand_in_line(shop, mug)
    stand_in_line(shop, mug)
    payer.get("/checkout/back")

    page = desk.get("/staff/waiting/").text
    assert "Late mug" in page
    assert page.split("Late mug", 1)[1].count(">1</td>") == 2


def test_carts_by_mail_are_a_report(shop: Shop, desk: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        count(shop.services, mailed=7, restored=3)

    table = desk.get("/staff/reports/carts.csv").text
    assert "Day,Carts mailed,Carts restored" in table
    assert "2026-11-22,7,3" in table
