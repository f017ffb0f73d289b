"""Promises about what is sold before it is here: when it leaves, and to whom first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import StockPolicy
from store.database import db, writing
from store.inventory import stock
from store.inventory.proof import proof
from store.jobs.outbox import due_row_ids, run_row
from store.jobs.queue import Handler
from store.mail.outgoing import SendMail
from store.orders.ahead.models import SoldAhead
from store.orders.ahead.moving import TellNewDate, expect, tell_new_date
from store.orders.ahead.served import missing_units, orders_held_back
from store.orders.listing import View, Wanted, listed
from store.orders.models import Order, OrderState
from store.orders.packing import picks_of, slips_of
from store.orders.queries import locked_order
from store.orders.shipping import NotItsTurnError, Parcel, ship_parcel
from store.orders.tasks import handlers
from tests.builders import a_product
from tests.buying import (
    a_variant,
    buy,
    check_out,
    deliver,
    fill_cart,
    mails,
    post,
    session_of,
    thanks,
)
from tests.invariants import assert_invariants
from tests.newsletter.signing_up import leave_unsent
from tests.orders.after_buying import Reader
from tests.shop import Shop
from tests.staffing import at_the_desk

DAY = date(2027, 1, 12)
LATER = date(2027, 3, 5)
WORDS = "Pre-order – ships about 12 January"


@pytest.fixture
def zine(app: Flask, shop: Shop) -> int:
    """A zine that is out on the twelfth of January."""
    with writing():
        product = a_product(
            shop.clock, handle="zine", title="Zine", stock=0, policy=StockPolicy.PREORDER
        )
        stock.expect(product.variants[0].id, comes_on=DAY, to_come=None)
        return product.variants[0].id


def order(shop: Shop, *variants: int, quantity: int = 1) -> str:
    """Buy as another reader; return the order's number."""
    reader = shop.browser()
    for variant in variants:
        fill_cart(reader, variant, quantity)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)
    db.session.rollback()
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))
    return db.session.scalars(select(Order.number).order_by(Order.id.desc()).limit(1)).one()


def the(number: str) -> Order:
    db.session.rollback()
    return db.session.scalars(select(Order).where(Order.number == number)).one()


def receive(shop: Shop, variant: int, units: int) -> None:
    with writing():
        stock.receive(variant, units, cause="delivery", actor="test", clock=shop.clock)


def ship(shop: Shop, number: str, units: dict[int, int] | None = None) -> int:
    order_id = the(number).id
    with writing():
        sent = ship_parcel(
            locked_order(order_id), Parcel(units or {}), shop.services, actor="robin"
        )
        return sum(line.quantity for line in sent.lines)


def to_ship(shop: Shop) -> list[str]:
    db.session.rollback()
    found = db.session.scalars(listed(Wanted(View.TO_SHIP), shop.services.settings)).all()
    return sorted(order.number for order in found)


def move(shop: Shop, variant: int, day: date | None) -> None:
    with writing():
        expect(variant, ships_on=day, to_come=None, services=shop.services)
    known: dict[str, Handler] = {**handlers(shop.services), SendMail.kind: leave_unsent}
    for row in due_row_ids(shop.clock.now()):
        run_row(row, known, shop.clock)


def test_every_page_says_when_it_ships(shop: Shop, reader: FlaskClient, zine: int) -> None:
    assert WORDS in reader.get("/products/zine").text
    assert WORDS in reader.get("/products").text
    fill_cart(reader, zine)
    assert WORDS in reader.get("/cart").text

    session_id = session_of(check_out(reader))
    sent = db.session.scalars(select(Order)).one().session_request
    assert WORDS in str(sent)
    shop.sandbox.pay(session_id)
    assert WORDS in thanks(reader, session_id).text

    number = db.session.scalars(select(Order.number)).one()
    own = Reader(shop, number)
    assert WORDS in own.get().text
    assert "Paid, and waiting for what is to come" in own.get().text
    assert WORDS in own.get("/receipt").text
    confirmed = mails("orders.confirmed")[0]
    assert WORDS in confirmed.text
    assert WORDS in confirmed.html
    assert_invariants(shop.sandbox)


def test_machines_are_told_in_their_own_words(reader: FlaskClient, zine: int) -> None:
    page = reader.get("/products/zine").text
    assert '"availability": "https://schema.org/PreOrder"' in page
    assert '"availabilityStarts": "2027-01-12"' in page

    feed = reader.get("/feeds/google.xml").text
    assert "<g:availability>preorder</g:availability>" in feed
    assert "<g:availability_date>2027-01-12T00:00+1100</g:availability_date>" in feed


def test_day_that_has_passed_is_told_nobody(shop: Shop, reader: FlaskClient, zine: int) -> None:
    shop.clock.move_to(datetime(2027, 1, 12, 14, tzinfo=UTC))

    page = reader.get("/products/zine").text
    assert "Pre-order – ships as soon as it is here" in page
    assert "12 January" not in page


def test_cart_of_some_here_and_some_to_come_says_how_many(
    shop: Shop, reader: FlaskClient, zine: int
) -> None:
    receive(shop, zine, 2)
    fill_cart(reader, zine, 3)

    assert f"{WORDS} (one of them)" in reader.get("/cart").text


def test_limit_of_units_to_come_is_kept_on_every_page(
    shop: Shop, reader: FlaskClient, zine: int
) -> None:
    with writing():
        stock.expect(zine, comes_on=DAY, to_come=2)
    fill_cart(reader, zine, 3)
    assert "Only 2 left: lower the quantity" in reader.get("/cart").text

    order(shop, zine, quantity=2)

    assert "Sold out" in reader.get("/products/zine").text
    assert post(reader, "/cart/lines", variant_id=zine, quantity=1).status_code == 409
    assert "Sold out: remove it" in reader.get("/cart").text


def test_day_that_moved_later_stops_a_checkout_that_showed_the_earlier(
    shop: Shop, reader: FlaskClient, zine: int
) -> None:
    fill_cart(reader, zine)
    seen = f"{zine}:{DAY}"
    move(shop, zine, LATER)

    refused = post(reader, "/checkout", shown="before", discounts="", dates=seen)
    assert refused.headers["Location"].endswith("/cart?notice=changed")
    agreed = post(reader, "/checkout", shown="before", discounts="", dates=f"{zine}:{LATER}")
    assert "/pay/" in agreed.headers["Location"]


def test_what_is_not_here_is_not_on_the_list_and_mixed_orders_send_what_is(
    shop: Shop, zine: int
) -> None:
    tee = a_variant(shop)
    waits, mixed = order(shop, zine), order(shop, zine, tee)

    assert to_ship(shop) == [mixed]
    assert orders_held_back() == {the(waits).id}
    assert [line.units for line in slips_of([the(mixed)])[0].lines] == [1]
    assert [pick.title for pick in picks_of([the(waits), the(mixed)])] == ["Late Edition tee"]

    assert "Paid, and ours to pack" in Reader(shop, mixed).get().text
    sheet = at_the_desk(shop).get(f"/staff/orders/{mixed}").text
    assert "1 not here yet" in sheet
    assert 'value="0"' in sheet.split('name="units-', 2)[1].split(">", 1)[0]

    assert ship(shop, mixed) == 1
    assert to_ship(shop) == []
    assert "Partly on its way" in Reader(shop, mixed).get().text
    assert WORDS in Reader(shop, mixed).get().text


def test_delivery_serves_whoever_paid_first(shop: Shop, zine: int) -> None:
    first, second, third = order(shop, zine, quantity=2), order(shop, zine), order(shop, zine)
    receive(shop, zine, 3)

    assert to_ship(shop) == sorted([first, second])
    assert missing_units([the(third)]) == {the(third).lines[0].id: 1}
    with pytest.raises(NotItsTurnError):
        ship(shop, third, {the(third).lines[0].id: 1})

    assert ship(shop, first) == 2
    assert ship(shop, second) == 1
    receive(shop, zine, 1)
    assert ship(shop, third) == 1
    assert missing_units() == {}
    assert proof() == []


def test_part_of_an_order_leaves_when_part_has_come(shop: Shop, zine: int) -> None:
    number = order(shop, zine, quantity=3)
    receive(shop, zine, 2)

    assert to_ship(shop) == [number]
    assert ship(shop, number) == 2
    assert to_ship(shop) == []


def test_what_came_is_said_to_be_here(shop: Shop, zine: int) -> None:
    number = order(shop, zine)
    receive(shop, zine, 1)

    page = Reader(shop, number).get().text
    assert "Pre-order" not in page
    assert "Paid, and ours to pack" in page


def test_later_day_is_mailed_once_with_the_way_out(shop: Shop, zine: int) -> None:
    number = order(shop, zine)
    move(shop, zine, LATER)
    move(shop, zine, LATER)
    assert tell_new_date(zine, shop.services) == 0

    told = mails("orders.new_date")
    assert len(told) == 1
    assert "ships about 5 March" in told[0].text
    assert "Before: about 12 January" in told[0].text
    assert "Zine" not in told[0].subject
    assert f"/orders/{number}/cancellation?key=" in told[0].text
    assert "ships about 5 March" in Reader(shop, number).get().text


def test_earlier_day_is_mailed_without_a_way_out(shop: Shop, zine: int) -> None:
    number = order(shop, zine)
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))

    move(shop, zine, date(2026, 12, 24))

    told = mails("orders.new_date")
    assert "ships about 24 December" in told[0].text
    assert "/cancellation" not in told[0].text
    assert Reader(shop, number).get("/cancellation").status_code == 409


def test_day_put_off_and_back_again_closes_the_way_out(shop: Shop, zine: int) -> None:
    number = order(shop, zine)
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    move(shop, zine, LATER)
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    move(shop, zine, DAY)

    assert len(mails("orders.new_date")) == 2
    assert Reader(shop, number).get("/cancellation").status_code == 409


def test_whose_day_was_put_off_calls_it_off_for_nothing(shop: Shop, zine: int) -> None:
    number = order(shop, zine)
    shop.clock.move_to(shop.clock.now() + timedelta(days=20))
    assert Reader(shop, number).get("/cancellation").status_code == 409
    move(shop, zine, LATER)

    asked = Reader(shop, number).get("/cancellation")
    assert "Call the order off?" in asked.text
    assert Reader(shop, number).post("/cancellation").status_code == 303

    deliver(shop)
    gone = the(number)
    assert gone.state == OrderState.REFUNDED
    assert sum(p.refunded_minor for p in gone.payments) == gone.total_minor
    assert stock.levels([zine])[zine].reserved == 0
    assert_invariants(shop.sandbox)


def test_of_a_mixed_order_that_has_begun_to_leave_the_rest_is_called_off(
    shop: Shop, zine: int
) -> None:
    number = order(shop, zine, a_variant(shop))
    ship(shop, number)
    shop.clock.move_to(shop.clock.now() + timedelta(days=20))
    assert "Call off what was put off" not in Reader(shop, number).get().text
    move(shop, zine, LATER)

    assert "Call off what was put off" in Reader(shop, number).get().text
    asked = Reader(shop, number).get("/cancellation").text
    assert "Zine" in asked
    assert "$45.00" in asked
    assert Reader(shop, number).post("/cancellation", what="ahead").status_code == 303

    left = the(number)
    assert left.state == OrderState.PAID
    assert [(line.shipped, line.cancelled) for line in left.lines] == [(0, 1), (1, 0)]
    assert sum(payment.refunded_minor for payment in left.payments) == 4_500
    again = Reader(shop, number).post("/cancellation", what="ahead")
    assert again.status_code == 409
    assert_invariants(shop.sandbox)


def test_who_was_told_of_a_day_that_nobody_knows_may_call_off(shop: Shop, zine: int) -> None:
    number = order(shop, zine)
    move(shop, zine, None)

    assert "ships as soon as it is here" in mails("orders.new_date")[0].text
    row = db.session.scalars(select(SoldAhead)).one()
    assert (row.promised_on, row.told_on, row.is_put_off) == (DAY, None, True)
    assert Reader(shop, number).get("/cancellation").status_code == 200


def test_nobody_is_told_whose_parcel_has_left_or_who_never_paid(
    shop: Shop, reader: FlaskClient, zine: int
) -> None:
    sent = order(shop, zine)
    receive(shop, zine, 1)
    ship(shop, sent)
    fill_cart(reader, zine)
    check_out(reader)

    move(shop, zine, LATER)

    assert mails("orders.new_date") == []


def test_job_that_died_goes_on_where_it_was(shop: Shop, zine: int) -> None:
    numbers = [order(shop, zine) for _ in range(3)]
    with writing():
        stock.expect(zine, comes_on=LATER, to_come=None)
    run = handlers(shop.services)[TellNewDate.kind]

    run({"variant_id": zine})
    run({"variant_id": zine})

    told = mails("orders.new_date")
    assert sorted(number for mail in told for number in numbers if number in mail.subject) == (
        sorted(numbers)
    )


def test_bought_ahead_and_never_paid_leaves_no_promise(
    shop: Shop, reader: FlaskClient, zine: int
) -> None:
    session_id = buy(shop, reader, zine)
    thanks(reader, session_id)
    other = shop.browser()
    fill_cart(other, zine)
    check_out(other)
    other.get("/checkout/back")

    assert stock.levels([zine])[zine].reserved == 1
    assert proof() == []
