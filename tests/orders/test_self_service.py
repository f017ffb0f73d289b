"""What a reader changes herself on the page of her order, and until when."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from store.checkout import sweeping
from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.delivering import delivered
from store.orders.models import OrderState
from store.orders.queries import locked_order
from store.orders.readdressing import destination_of
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from tests.beginning import Beginning
from tests.builders import aud
from tests.buying import a_variant, mails
from tests.desk import as_read, bought, the
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader, ship
from tests.shop import Shop

NEW = {
    "name": "R. Reader",
    "line1": "7 Proof Place",
    "line2": "",
    "city": "Fremantle",
    "state": "WA",
    "postal_code": "6160",
    "version": 0,
}
DOWN = Faults(api=(ApiFault(FaultKind.UNAVAILABLE, path_prefix="/v1/refunds"),))


@pytest.fixture
def tee(app: Flask, begin: Beginning) -> int:
    return begin(_nine_tees)


def _nine_tees(shop: Shop) -> int:
    return a_variant(shop, stock=9, title="Late Edition tee", price=aud(45))


@pytest.fixture
def number(begin: Beginning, tee: int) -> str:
    return begin(_two, tee)


def _two(shop: Shop, tee: int) -> str:
    return bought(shop, tee, quantity=2)


@pytest.fixture
def reader(shop: Shop, number: str) -> Reader:
    return Reader(shop, number)


def _available(variant_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(StockLevel, variant_id).available


def test_the_address_is_changed_before_the_parcel_leaves(reader: Reader, number: str) -> None:
    answer = reader.post("/address", **NEW)

    assert answer.status_code == 303
    assert destination_of(the(number)).address["city"] == "Fremantle"
    assert the(number).address["city"] == "Newtown"
    assert "7 Proof Place" in reader.get().text


def test_the_country_stays_whatever_is_posted(reader: Reader, number: str) -> None:
    reader.post("/address", **NEW, country="NZ")

    assert destination_of(the(number)).address["country"] == "AU"


def test_a_wrong_address_keeps_what_was_typed_beside_its_error(reader: Reader) -> None:
    answer = reader.post("/address", **NEW | {"line1": " ", "city": "Fremantle " * 50})

    assert answer.status_code == 422
    assert "Say the street and the number." in answer.text
    assert "Keep it under 120 characters." in answer.text
    assert "6160" in answer.text


@pytest.mark.parametrize("sign", ["ß", "ك", "街", "🏳", "Ж", "<"])
def test_an_address_may_be_long_and_in_every_script(reader: Reader, number: str, sign: str) -> None:
    assert reader.post("/address", **NEW | {"line1": sign * 500}).status_code == 422
    assert reader.post("/address", **NEW | {"line1": sign * 200}).status_code == 303
    assert destination_of(the(number)).address["line1"] == sign * 200
    assert reader.get().status_code == 200


def test_of_two_windows_the_second_is_told(reader: Reader, number: str) -> None:
    reader.post("/address", **NEW)
    answer = reader.post("/address", **NEW | {"city": "Perth"})

    assert answer.status_code == 409
    assert "changed since you opened this page" in as_read(answer)
    assert destination_of(the(number)).address["city"] == "Fremantle"


def test_after_the_parcel_left_the_page_says_so(shop: Shop, reader: Reader, number: str) -> None:
    ship(shop, number, arrives=False)

    for answer in (reader.get("/address"), reader.post("/address", **NEW)):
        assert answer.status_code == 409
        assert "It has left already" in as_read(answer)
    assert "Change the address" not in reader.get().text


@pytest.mark.parametrize("below", ["/address", "/cancellation", "/returns"])
def test_nobody_changes_an_order_without_its_key(reader: Reader, below: str) -> None:
    reader.key = reader.key[::-1]

    assert reader.get(below).status_code == 404
    assert reader.post(below, **NEW).status_code == 404


def test_looking_changes_nothing(reader: Reader, number: str) -> None:
    reader.get("/cancellation")

    assert the(number).state == OrderState.PAID


def test_calling_off_gives_everything_back(
    shop: Shop, reader: Reader, number: str, tee: int
) -> None:
    answer = reader.post("/cancellation")

    assert answer.status_code == 303
    order = the(number)
    assert order.state == OrderState.REFUNDED
    assert order.payments[0].refunded_minor == order.total_minor
    assert _available(tee) == 9
    assert [mail.kind for mail in mails("orders.cancelled")] == ["orders.cancelled"]
    assert mails("orders.refunded") == []
    assert_invariants(shop.sandbox)


def test_called_off_twice_is_called_off_once(reader: Reader, number: str) -> None:
    reader.post("/cancellation")
    answer = reader.post("/cancellation")

    assert answer.status_code == 409
    assert len(the(number).refunds) == 1


def test_after_its_time_an_order_is_not_called_off(shop: Shop, reader: Reader, number: str) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=121))

    assert "Call the order off" not in reader.get().text
    assert reader.post("/cancellation").status_code == 409
    assert the(number).state == OrderState.PAID


def test_what_has_begun_to_leave_is_not_called_off(shop: Shop, reader: Reader, number: str) -> None:
    ship(shop, number, 1, arrives=False)

    assert reader.post("/cancellation").status_code == 409
    assert the(number).refunds == []


def test_with_stripe_away_the_order_is_called_off_once_it_is_back(
    shop: Shop, reader: Reader, number: str
) -> None:
    shop.sandbox.faults = DOWN
    reader.post("/cancellation")
    assert the(number).state == OrderState.PAID

    shop.sandbox.faults = Faults()
    sweeping.finish_refunds(shop.services)

    assert the(number).state == OrderState.REFUNDED
    assert len(mails("orders.cancelled")) == 1
    assert_invariants(shop.sandbox)


def test_a_parcel_arrives_once_and_the_reader_is_told(
    shop: Shop, reader: Reader, number: str
) -> None:
    ship(shop, number)
    order = the(number)
    order_id, parcel = order.id, order.fulfilments[0]
    with writing():
        again = delivered(locked_order(order_id), parcel, shop.services, actor="carrier")

    assert again is False
    assert len(mails("orders.delivered")) == 1
    assert "It is with you" in reader.get().text


def test_subjects_name_no_product_and_no_brand(shop: Shop, reader: Reader, number: str) -> None:
    ship(shop, number)
    line_id = the(number).lines[0].id
    reader.send_back(line_id, 1)

    subjects = db.session.scalars(select(type(mails()[0]).subject)).all()
    assert not [subject for subject in subjects if "tee" in subject or "Gay" in subject]
