"""What the sweeps and the daily proof find, and how often it is safe to run them."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from store.checkout import sweeping
from store.checkout.reconciling import reconcile
from store.checkout.tasks import handlers, sweeps
from store.database import db, writing
from store.orders.models import OrderState, Payment
from store.orders.queries import order_of_session
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.buying import (
    a_variant,
    buy,
    change_at_stripe,
    check_out,
    deliver,
    fill_cart,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop


def _later(shop: Shop, **length: int) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(**length))


def test_open_page_keeps_its_units_until_it_ends(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)
    _later(shop, minutes=39)

    sweeping.end_holds(shop.services)
    sweeping.settle_open(shop.services)

    assert the_order().state == OrderState.PENDING


def test_page_without_a_payment_ends_its_hold(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)
    _later(shop, minutes=46)

    sweeping.end_holds(shop.services)
    sweeping.end_holds(shop.services)

    assert the_order().state == OrderState.EXPIRED
    assert_invariants(shop.sandbox)


def test_order_that_cannot_be_read_does_not_keep_the_others(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id, other = a_variant(shop), shop.browser()
    fill_cart(reader, variant_id)
    change_at_stripe(shop, session_of(check_out(reader)), status="of another version")
    session_id = buy(shop, other, variant_id)
    _later(shop, minutes=4)

    sweeping.settle_open(shop.services)

    assert order_state(session_id) == OrderState.PAID


def order_state(session_id: str) -> str:
    db.session.rollback()
    order = order_of_session(session_id)
    assert order is not None
    return order.state


def test_payment_whose_webhook_and_tab_were_lost_is_found(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    buy(shop, reader, a_variant(shop))
    _later(shop, minutes=4)

    sweeping.settle_open(shop.services)

    assert the_order().state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_bank_that_answered_unheard_is_asked_again(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, "4000000000001117")
    thanks(reader, session_id)
    shop.sandbox.settle_delayed()
    _later(shop, hours=2)

    sweeping.settle_awaiting(shop.services)

    assert the_order().state == OrderState.PAID


def test_every_sweep_may_run_on_an_empty_shop(app: Flask, shop: Shop) -> None:
    for sweep in sweeps(shop.services):
        sweep.run()

    assert set(handlers(shop.services)) == {"checkout.replay_event"}


def test_proof_agrees_after_a_sale_and_a_refund(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    thanks(reader, session_id)
    shop.sandbox.refund(the_order().payments[0].intent_id, 500)

    assert reconcile(shop.services) == []
    assert the_order().payments[0].refunded_minor == 500


def test_proof_settles_what_is_pending(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    buy(shop, reader, a_variant(shop))
    _later(shop, minutes=5)

    assert reconcile(shop.services) == []
    assert the_order().state == OrderState.PAID


def test_proof_names_a_payment_that_no_order_knows(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    state = shop.sandbox.account.state
    with state.changing():
        stray = state.take(Shelf.SESSION, session_id)
        stray |= {"id": "cs_test_stray", "client_reference_id": "GN-2222-2222"}
        state.put(Shelf.SESSION, stray)
        state.put(Shelf.LINES, state.take(Shelf.LINES, session_id), "cs_test_stray")
    thanks(reader, session_id)

    (difference,) = reconcile(shop.services)

    assert difference.what == "paid at Stripe, unknown here"
    assert "Refund pi_" in difference.advice


def test_proof_names_a_parked_order_and_what_to_do(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    state = shop.sandbox.account.state
    with state.changing():
        state.put(Shelf.SESSION, state.take(Shelf.SESSION, session_id) | {"amount_total": 1})
    thanks(reader, session_id)

    (difference,) = reconcile(shop.services)

    assert "total is 5395 here and 1 at Stripe" in difference.what
    assert f"store orders accept {the_order().number}" in difference.advice


def test_proof_says_when_stripe_cannot_be_asked(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_BEFORE),))

    (difference,) = reconcile(shop.services)

    assert "not to be asked" in difference.what


def test_proof_names_money_that_stripe_does_not_have(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    thanks(reader, session_id)
    deliver(shop)
    with writing():
        db.session.get_one(Payment, the_payment_id()).refunded_minor = 7

    found = [difference.what for difference in reconcile(shop.services)]

    # What our refunds add up to is reckoned again from Stripe's own list first.
    assert found == []
    assert the_order().payments[0].refunded_minor == 0


def the_payment_id() -> int:
    from sqlalchemy import select

    return db.session.scalars(select(Payment.id)).one()
