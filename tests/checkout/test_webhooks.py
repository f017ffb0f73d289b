"""Which events are believed, and what becomes of each."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import stripe
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.checkout import sweeping
from store.database import db, writing
from store.orders.models import OrderState, StripeEvent
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.buying import a_variant, buy, deliver, mails, the_order, webhook
from tests.invariants import assert_invariants
from tests.shop import Shop, open_shop, some_settings

SECRET = "whsec_of_a_test"
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "customer.created",
    "api_version": "2026-10-28.endive",
    "data": {"object": {"id": "cus_1", "object": "customer"}},
}


def _sign(body: str, *, secret: str = SECRET, at: int | None = None) -> str:
    header = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    assert isinstance(header, str)
    return header


def _stored() -> list[StripeEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(StripeEvent)))


BODY = json.dumps(EVENT)


FORGERIES: dict[str, Callable[[], str]] = {
    "missing": lambda: "",
    "empty": lambda: "t=1,v1=",
    "garbage": lambda: "garbage",
    "no digit": lambda: "t=²,v1=00",
    "no ASCII": lambda: "v1=é",
    "another secret": lambda: _sign(BODY, secret="whsec_of_somebody_else"),
    "stale": lambda: _sign(BODY, at=1_600_000_000),
    "old scheme": lambda: _sign(BODY).replace("v1=", "v0="),
    "another body": lambda: _sign(BODY + " "),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_event_that_nobody_signed_is_refused_and_not_stored(
    app: Flask, shop: Shop, forgery: str
) -> None:
    status = webhook(shop, BODY.encode(), FORGERIES[forgery]())

    assert status == 400
    assert _stored() == []


NO_EVENTS = (
    b"\xff\xfe",
    b"",
    b"not json",
    b"null",
    b"[]",
    b"7",
    b"[" * 100_000,
    b'{"object": "event"}',
    BODY.replace('"evt_', '7, "was": "evt_').encode(),
)


@pytest.mark.parametrize("body", NO_EVENTS)
def test_body_that_is_no_event_is_refused(app: Flask, shop: Shop, body: bytes) -> None:
    signature = _sign(body.decode("latin-1"))

    assert webhook(shop, body, signature) == 400
    assert _stored() == []


def test_event_signed_with_the_older_of_two_secrets_is_believed(
    tmp_path: object, database_url: str, shop: Shop
) -> None:
    settings = some_settings(
        shop.services.settings.data_dir,
        database_url,
        stripe_webhook_secrets="whsec_of_tomorrow,whsec_of_a_test",
    )
    rotating = open_shop(settings, shop.clock)

    with rotating.app.app_context():
        status = webhook(rotating, BODY.encode(), _sign(BODY))

        assert status == 200
        db.engine.dispose()


def test_oversized_body_is_refused_unread(app: Flask, shop: Shop) -> None:
    body = json.dumps(EVENT | {"padding": "x" * 1_100_000})

    assert webhook(shop, body.encode(), _sign(body)) == 413
    assert _stored() == []


def test_event_of_an_unknown_kind_is_stored_and_done(app: Flask, shop: Shop) -> None:
    status = webhook(shop, BODY.encode(), _sign(BODY))

    assert status == 200
    (event,) = _stored()
    assert (event.kind, event.finished_at) == ("customer.created", shop.clock.now())


def test_event_of_another_api_version_is_done_too(app: Flask, shop: Shop) -> None:
    body = json.dumps(EVENT | {"api_version": "2019-02-11"})

    assert webhook(shop, body.encode(), _sign(body)) == 200
    assert _stored()[0].api_version == "2019-02-11"


def test_event_that_comes_twice_is_done_once(app: Flask, shop: Shop) -> None:
    webhook(shop, BODY.encode(), _sign(BODY))

    status = webhook(shop, BODY.encode(), _sign(BODY))

    assert status == 200
    assert [event.attempts for event in _stored()] == [1]


def test_event_that_was_done_is_answered_while_somebody_writes(app: Flask, shop: Shop) -> None:
    webhook(shop, BODY.encode(), _sign(BODY))

    with writing():
        status = webhook(shop, BODY.encode(), _sign(BODY))

    assert status == 200
    assert len(_stored()) == 1


def test_event_that_fails_is_kept_with_its_error_and_run_again(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    buy(shop, reader, a_variant(shop))
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_BEFORE),))

    deliver(shop)

    (failed,) = [event for event in _stored() if event.finished_at is None]
    assert "GatewayUnknownError" in failed.error
    shop.sandbox.faults = Faults()
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=11))
    sweeping.replay_inbox(shop.services)
    assert the_order().state == OrderState.PAID
    assert [event for event in _stored() if event.finished_at is None] == []


def test_dropped_events_are_fetched(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    shop.sandbox.faults = Faults(webhook_drop_share=1.0)
    buy(shop, reader, a_variant(shop))
    deliver(shop)
    assert the_order().state == OrderState.PENDING

    sweeping.fetch_undelivered(shop.services)

    assert the_order().state == OrderState.PAID
    assert len(mails("orders.confirmed")) == 1
    assert_invariants(shop.sandbox)


def test_event_of_a_session_of_another_seller_is_done_without_effect(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    state = shop.sandbox.account.state
    with state.changing():
        foreign = state.take(Shelf.SESSION, session_id)
        foreign |= {"id": "cs_test_foreign", "client_reference_id": "SHOP-1", "metadata": {}}
        state.put(Shelf.SESSION, foreign)
        state.put(Shelf.LINES, state.take(Shelf.LINES, session_id), "cs_test_foreign")
    body = json.dumps(EVENT | {"type": "checkout.session.completed", "data": {"object": foreign}})

    assert webhook(shop, body.encode(), _sign(body)) == 200
    assert the_order().state == OrderState.PENDING


def test_payment_link_that_borrows_an_order_number_is_no_page_of_ours(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    # Whoever opens a payment link chooses its client_reference_id, but never its metadata.
    session_id = buy(shop, reader, a_variant(shop))
    deliver(shop)
    state = shop.sandbox.account.state
    with state.changing():
        link = state.take(Shelf.SESSION, session_id) | {"id": "cs_test_link", "metadata": {}}
        state.put(Shelf.SESSION, link)
        state.put(Shelf.LINES, state.take(Shelf.LINES, session_id), "cs_test_link")
    body = json.dumps(EVENT | {"type": "checkout.session.completed", "data": {"object": link}})

    assert webhook(shop, body.encode(), _sign(body)) == 200
    assert "paid_twice" not in [event.kind for event in the_order().events]
    assert mails("orders.attention") == []


def test_second_payment_of_one_order_is_told_to_staff(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))
    deliver(shop)
    state = shop.sandbox.account.state
    with state.changing():
        second = state.take(Shelf.SESSION, session_id) | {"id": "cs_test_second"}
        state.put(Shelf.SESSION, second)
        state.put(Shelf.LINES, state.take(Shelf.LINES, session_id), "cs_test_second")
    body = json.dumps(EVENT | {"type": "checkout.session.completed", "data": {"object": second}})

    webhook(shop, body.encode(), _sign(body))

    assert "paid_twice" in [event.kind for event in the_order().events]
    assert len(mails("orders.attention")) == 1
    assert len(the_order().payments) == 1


def test_old_bodies_are_forgotten(app: Flask, shop: Shop) -> None:
    webhook(shop, BODY.encode(), _sign(BODY))
    shop.clock.move_to(shop.clock.now() + timedelta(days=31))

    sweeping.forget(shop.services)

    assert [event.body for event in _stored()] == [""]
