"""What becomes of a checkout when Stripe's answer is lost, late, or no."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.cart.models import CartLine
from store.checkout import sweeping
from store.database import db
from store.inventory.models import StockLevel
from store.orders.models import Order, OrderState
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.builders import aud
from tests.buying import a_variant, check_out, deliver, fill_cart, session_of, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop

SESSIONS = "/v1/checkout/sessions"


def _lose(shop: Shop, kind: FaultKind, times: int = 2) -> None:
    fault = ApiFault(kind, path_prefix=SESSIONS, method="post", times=times)
    shop.sandbox.faults = Faults(api=(fault,))


def _pages(shop: Shop) -> list[str]:
    return [session["status"] for session in shop.sandbox.account.state.scan(Shelf.SESSION)]


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.RESET_BEFORE,
        FaultKind.RESET_AFTER,
        FaultKind.UNAVAILABLE,
        FaultKind.RATE_LIMITED,
        FaultKind.HANG,
    ],
)
def test_lost_answer_keeps_the_hold_and_the_next_click_finds_the_page(
    app: Flask, shop: Shop, reader: FlaskClient, kind: FaultKind
) -> None:
    fill_cart(reader, a_variant(shop, stock=1))
    _lose(shop, kind)
    lost = check_out(reader)
    assert lost.status_code == 503
    assert "did not answer" in lost.text
    assert the_order().state == OrderState.UNKNOWN
    assert_invariants()
    shop.sandbox.faults = Faults()

    session_id = session_of(check_out(reader))

    assert the_order().session_id == session_id
    assert the_order().state == OrderState.PENDING
    assert _pages(shop) == ["open"]
    assert_invariants(shop.sandbox)


def test_failure_that_stripe_would_repeat_for_ever_is_asked_anew(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    _lose(shop, FaultKind.SERVER_ERROR, times=1)
    assert check_out(reader).status_code == 503

    session_id = session_of(check_out(reader))

    assert the_order().session_id == session_id
    assert "pay_page_asked_anew" in [event.kind for event in the_order().events]


def test_failure_that_never_ends_is_let_go_after_the_hold(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop, stock=1))
    fault = ApiFault(FaultKind.SERVER_ERROR, path_prefix=SESSIONS, method="post")
    shop.sandbox.faults = Faults(api=(fault,))
    assert check_out(reader).status_code == 503
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))

    sweeping.end_holds(shop.services)

    assert the_order().state == OrderState.EXPIRED
    assert_invariants(shop.sandbox)


def test_page_whose_answer_was_lost_is_closed_by_the_sweep(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    _lose(shop, FaultKind.RESET_AFTER)
    check_out(reader)
    shop.sandbox.faults = Faults()
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=6))

    sweeping.close_lost_pages(shop.services)

    assert the_order().state == OrderState.CANCELLED
    assert _pages(shop) == ["expired"]
    assert db.session.get_one(StockLevel, variant_id).available == 1
    assert_invariants(shop.sandbox)


def test_page_that_was_never_made_is_let_go_after_the_hold(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    _lose(shop, FaultKind.RESET_BEFORE)
    check_out(reader)
    shop.sandbox.faults = Faults()
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))

    sweeping.end_holds(shop.services)

    assert the_order().state == OrderState.EXPIRED
    assert _pages(shop) == []
    assert db.session.get_one(StockLevel, variant_id).available == 1


def test_sweep_keeps_the_hold_while_stripe_is_silent(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop, stock=1))
    session_of(check_out(reader))
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_BEFORE),))

    sweeping.end_holds(shop.services)

    assert the_order().state == OrderState.PENDING
    assert_invariants()


def test_answer_lost_before_a_changed_cart_is_found_before_the_next_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=3)
    fill_cart(reader, variant_id)
    _lose(shop, FaultKind.RESET_AFTER)
    check_out(reader)
    shop.sandbox.faults = Faults()
    fill_cart(reader, variant_id)

    session_of(check_out(reader))

    assert _pages(shop) == ["expired", "open"]
    assert_invariants(shop.sandbox)


def test_refused_order_gives_its_units_back_and_keeps_the_cart(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1, price=aud(1_000_000))
    fill_cart(reader, variant_id)

    answer = check_out(reader)

    assert answer.status_code == 502
    assert "Your cart is as you left it" in answer.text
    assert the_order().state == OrderState.CANCELLED
    assert db.session.get_one(StockLevel, variant_id).available == 1
    assert len(db.session.scalars(select(CartLine)).all()) == 1
    assert_invariants(shop.sandbox)


def test_clock_that_is_slow_is_set_by_the_answer_of_stripe(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    shop.sandbox.advance(25 * 60)

    session_id = session_of(check_out(reader))

    page = shop.services.payments.session(session_id)
    ahead = shop.clock.now() + timedelta(minutes=25)
    assert timedelta(minutes=39) < page.expires_at - ahead <= timedelta(minutes=40)
    assert the_order().state == OrderState.PENDING


def test_event_of_a_page_whose_answer_was_lost_settles_its_order(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    _lose(shop, FaultKind.RESET_AFTER)
    check_out(reader)
    shop.sandbox.faults = Faults()
    (page,) = shop.sandbox.account.state.scan(Shelf.SESSION)
    shop.sandbox.pay(page["id"])

    deliver(shop)

    assert the_order().state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_thanks_page_says_so_when_stripe_is_silent(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_BEFORE),))

    page = reader.get(f"/checkout/thanks?session_id={session_id}")

    assert page.status_code == 200
    assert "has not told us yet" in page.text
    assert db.session.scalars(select(Order.state)).one() == OrderState.PENDING
