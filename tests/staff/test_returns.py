"""Returns at the desk: decided, counted, made good, each with its trace."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.returning.models import ReturnState
from store.staff.audit import Thing, history
from store.staff.roles import Role
from tests.beginning import Beginning
from tests.builders import a_product
from tests.desk import Desk, as_read, bought, the
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader, ship, the_return
from tests.shop import Shop
from tests.staffing import token_of


@pytest.fixture
def sizes(app: Flask, begin: Beginning) -> tuple[int, int]:
    return begin(_in_two_sizes)


def _in_two_sizes(shop: Shop) -> tuple[int, int]:
    with writing():
        tee = a_product(shop.clock, title="Late Edition tee", options={"Size": ["M", "L"]}, stock=9)
        return tee.variants[0].id, tee.variants[1].id


@pytest.fixture
def number(begin: Beginning, sizes: tuple[int, int]) -> str:
    return begin(_three_arrived, sizes[0])


def _three_arrived(shop: Shop, variant_id: int) -> str:
    number = bought(shop, variant_id, quantity=3)
    ship(shop, number)
    return number


def _ask(shop: Shop, number: str, units: int = 2, instead: int | None = None) -> int:
    Reader(shop, number).send_back(the(number).lines[0].id, units, instead)
    return the_return().id


def _post(desk: Desk, return_id: int, what: str, **fields: Any) -> TestResponse:
    token = token_of(desk.browser, "/staff/account/")
    data = {**fields, "csrf_token": token}
    return desk.browser.post(f"/staff/returns/{return_id}/{what}", data=data)


def _arrive(desk: Desk, return_id: int, number: str, good: int, damaged: int = 0) -> TestResponse:
    line_id = the(number).lines[0].id
    fields = {f"good-{line_id}": good, f"damaged-{line_id}": damaged}
    return _post(desk, return_id, "arrival", **fields)


def _taken(desk: Desk, shop: Shop, number: str, **asked: Any) -> int:
    return_id = _ask(shop, number, **asked)
    _post(desk, return_id, "approval", instructions="To 1 Press Lane.")
    _arrive(desk, return_id, number, good=2)
    return return_id


def test_home_says_that_a_return_waits(shop: Shop, desk: Desk, number: str) -> None:
    _ask(shop, number)

    assert "1 return to decide" in as_read(desk.browser.get("/staff/"))


def test_the_list_shows_what_waits(shop: Shop, desk: Desk, number: str) -> None:
    assert "Nothing waits here" in as_read(desk.browser.get("/staff/returns/"))
    _ask(shop, number)

    page = as_read(desk.browser.get("/staff/returns/"))
    assert number in page
    assert "2 × Late Edition tee (M)" in page
    assert "Too small" in page


def test_from_asked_to_money_back(shop: Shop, desk: Desk, number: str) -> None:
    return_id = _taken(desk, shop, number)
    preview = _post(desk, return_id, "refund", seen=0, amount="80.00")
    assert "Give back $80.00" in as_read(preview)
    answer = _post(desk, return_id, "refunds", seen=0, amount="80.00")

    assert answer.status_code == 303
    assert the_return().state == ReturnState.REFUNDED
    assert the(number).payments[0].refunded_minor == 8000
    acts = [entry.act for entry in history(Thing("return", str(return_id)))]
    assert acts == ["return.refunded", "return.received", "return.approved"]
    assert_invariants(shop.sandbox)


def test_instructions_of_the_last_are_offered_again(shop: Shop, desk: Desk, number: str) -> None:
    _taken(desk, shop, number)
    again = _ask(shop, number, units=1)

    assert "To 1 Press Lane." in desk.browser.get(f"/staff/returns/{again}").text


@pytest.mark.parametrize(("what", "field"), [("approval", "instructions"), ("refusal", "refusal")])
def test_nobody_is_mailed_nothing(
    shop: Shop, desk: Desk, number: str, what: str, field: str
) -> None:
    return_id = _ask(shop, number)
    answer = _post(desk, return_id, what, **{field: "  "})

    assert answer.status_code == 422
    assert "Write something first" in answer.text
    assert the_return().state == ReturnState.ASKED


def test_more_than_was_asked_does_not_arrive(shop: Shop, desk: Desk, number: str) -> None:
    return_id = _ask(shop, number)
    _post(desk, return_id, "approval", instructions="To 1 Press Lane.")

    for good, damaged in ((2, 1), (0, 0)):
        assert _arrive(desk, return_id, number, good, damaged).status_code == 422
    assert the_return().state == ReturnState.APPROVED


def test_counted_twice_it_is_counted_once(
    shop: Shop, desk: Desk, number: str, sizes: tuple[int, int]
) -> None:
    return_id = _taken(desk, shop, number)
    answer = _arrive(desk, return_id, number, good=2)

    assert answer.status_code == 409
    assert db.session.get_one(StockLevel, sizes[0]).on_hand == 8


def test_refunded_twice_it_is_refunded_once(shop: Shop, desk: Desk, number: str) -> None:
    return_id = _taken(desk, shop, number)
    answers = [_post(desk, return_id, "refunds", seen=0).status_code for _ in range(2)]

    assert answers == [303, 409]
    assert len(the(number).refunds) == 1


def test_a_refund_that_stripe_refuses_leaves_the_return_to_make_good(
    shop: Shop, desk: Desk, number: str
) -> None:
    return_id = _taken(desk, shop, number)
    shop.sandbox.dispute(the(number).payments[0].intent_id)
    answer = _post(desk, return_id, "refunds", seen=0)

    assert answer.status_code == 409
    assert the_return().state == ReturnState.RECEIVED
    assert the(number).payments[0].refunded_minor == 0


def test_the_other_one_waits_to_be_packed(
    shop: Shop, desk: Desk, number: str, sizes: tuple[int, int]
) -> None:
    return_id = _taken(desk, shop, number, instead=sizes[1])
    _post(desk, return_id, "exchange")

    asked = the_return()
    assert asked.replacement is not None
    assert asked.replacement.number in desk.text("", view="to_ship")
    assert_invariants(shop.sandbox)


def test_who_packs_decides_and_who_refunds_gives_money(shop: Shop, number: str) -> None:
    packer = Desk(shop, Role.FULFILMENT)
    return_id = _taken(packer, shop, number)

    assert the_return().state == ReturnState.RECEIVED
    assert _post(packer, return_id, "refunds", seen=0).status_code == 403


def test_an_analyst_sees_no_words_of_readers(shop: Shop, number: str) -> None:
    line_id = the(number).lines[0].id
    Reader(shop, number).post(
        "/returns",
        **{f"units-{line_id}": 1, f"reason-{line_id}": "other", "note": "I was outed by it"},
    )
    page = Desk(shop, Role.ANALYST).browser.get(f"/staff/returns/{the_return().id}")

    assert page.status_code == 200
    assert "outed" not in page.text


def test_a_parcel_is_said_to_have_arrived(shop: Shop, desk: Desk, sizes: tuple[int, int]) -> None:
    number = bought(shop, sizes[0])
    ship(shop, number, arrives=False)
    parcel = the(number).fulfilments[0].id

    desk.post(f"{number}/parcels/{parcel}/arrival")

    assert the(number).fulfilments[0].delivered_at is not None
    assert "Arrived" in desk.text(number)


def test_the_orders_page_leads_to_returns_and_papers(shop: Shop, desk: Desk, number: str) -> None:
    return_id = _ask(shop, number)

    page = desk.get(number).text
    assert f"/staff/returns/{return_id}" in page
    assert "GN-INV-000001" in page
    assert "GN-INV-000001" in desk.text(f"{number}/receipt")
