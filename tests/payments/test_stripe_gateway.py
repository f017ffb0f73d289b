"""What the gateway asks of Stripe, and what it makes of the answers."""

import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import stripe
from flask import Flask

from store.payments.gateway import (
    ExpiresAtRefusedError,
    GatewayRefusedError,
    GatewayUnknownError,
    PageStatus,
    PayLine,
    SessionRequest,
    ShippingChoice,
)
from store.payments.stripe_gateway import StripeGateway
from store.payments.stripe_requests import statement_suffix
from store.sandbox.stripe import CardDeclinedError
from store.sandbox.stripe.state import Shelf
from tests.shop import Shop, some_settings

NUMBER = "GN-7K3Q-F2XW"


def _request(shop: Shop, **changed: Any) -> SessionRequest:
    given: dict[str, Any] = {
        "number": NUMBER,
        "currency": "AUD",
        "lines": (PayLine("Late Edition tee", 4500, 2, "Black / M"), PayLine("Pin", 900, 1)),
        "shipping": (ShippingChoice("Standard", 895),),
        "countries": ("AU",),
        "expires_at": shop.clock.now() + timedelta(minutes=40),
        "success_url": "http://localhost/checkout/thanks?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost/checkout/back",
        "statement": "GN STORE",
    }
    return SessionRequest(**(given | changed))


def test_page_asks_for_what_was_ordered_and_no_more(shop: Shop) -> None:
    payments = shop.services.payments

    session = payments.open_session(payments.session_params(_request(shop)), key="k1")

    kept = shop.sandbox.account.state.take(Shelf.SESSION, session.id)
    assert (session.number, session.status, session.is_paid) == (NUMBER, PageStatus.OPEN, False)
    assert (session.amounts.subtotal, session.amounts.total) == (9900, 10795)
    assert kept["adaptive_pricing"] == {"enabled": False}
    assert kept["shipping_address_collection"]["allowed_countries"] == ["AU"]
    assert kept["metadata"]["order"] == NUMBER
    assert kept["phone_number_collection"] == {"enabled": False}


def test_same_key_gives_the_same_page(shop: Shop) -> None:
    payments = shop.services.payments
    params = payments.session_params(_request(shop))

    first, second = (payments.open_session(params, key="k1") for _ in range(2))

    assert first.id == second.id


def test_paid_page_tells_who_bought_and_how(shop: Shop) -> None:
    payments = shop.services.payments
    opened = payments.open_session(payments.session_params(_request(shop)), key="k1")
    shop.sandbox.pay(opened.id)

    session = payments.session(opened.id)

    assert session.is_paid
    assert session.units == 3
    assert session.recipient.email == "robin@example.org"
    assert session.recipient.address["country"] == "AU"
    assert session.payment is not None
    assert (session.payment.received_minor, session.payment.method) == (10795, "Visa ···· 4242")


def test_declined_card_leaves_the_page_open(shop: Shop) -> None:
    payments = shop.services.payments
    opened = payments.open_session(payments.session_params(_request(shop)), key="k1")

    with pytest.raises(CardDeclinedError):
        shop.sandbox.pay(opened.id, "4000000000000002")

    assert payments.session(opened.id).status is PageStatus.OPEN


def test_end_out_of_bounds_is_told_with_the_time_over_there(shop: Shop) -> None:
    payments = shop.services.payments
    soon = shop.clock.now() + timedelta(minutes=5)
    params = payments.session_params(_request(shop, expires_at=soon))

    with pytest.raises(ExpiresAtRefusedError) as refused:
        payments.open_session(params, key="k1")

    assert refused.value.server_now == shop.clock.now()


def test_expiring_twice_is_refused(shop: Shop) -> None:
    payments = shop.services.payments
    opened = payments.open_session(payments.session_params(_request(shop)), key="k1")
    payments.expire_session(opened.id)

    with pytest.raises(GatewayRefusedError):
        payments.expire_session(opened.id)


def test_unknown_session_and_wrong_key_are_refusals(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(GatewayRefusedError):
        shop.services.payments.session("cs_test_nobody")


def test_only_our_own_pages_are_listed(shop: Shop) -> None:
    payments = shop.services.payments
    ours = payments.open_session(payments.session_params(_request(shop)), key="k1")
    foreign = payments.session_params(_request(shop)) | {
        "metadata": {"shop": "https://other.example"}
    }
    payments.open_session(foreign, key="k2")

    listed = list(payments.sessions_since(shop.clock.now() - timedelta(hours=1)))

    assert [session.id for session in listed] == [ours.id]


def test_more_than_stripe_takes_is_refused_by_us(shop: Shop) -> None:
    lines = tuple(PayLine("Pin", 900, 1) for _ in range(101))

    with pytest.raises(ValueError, match="at most 100 lines"):
        shop.services.payments.session_params(_request(shop, lines=lines))


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("GN STORE", "GN STORE"),
        ("12345", "STORE 12345"),
        ("<GN>*\"STORE'", "GNSTORE"),
        ("A very long name of a shop", "A very long name of a"),
    ],
)
def test_statement_is_what_a_card_statement_may_print(text: str, suffix: str) -> None:
    assert statement_suffix(text) == suffix


def test_webhook_endpoint_is_made_with_the_version_of_this_release(shop: Shop) -> None:
    endpoint = shop.services.payments.make_webhook_endpoint(
        "https://shop.example.org/webhooks/stripe"
    )

    assert endpoint.api_version == stripe.api_version
    assert endpoint.secret.startswith("whsec_")


class _Silent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(30)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's word
        """Say nothing."""


def test_reader_waits_less_than_ten_seconds_for_a_silent_stripe(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Silent)
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    settings = some_settings(tmp_path, "sqlite://", stripe_api_base=base)
    started = time.monotonic()

    with pytest.raises(GatewayUnknownError):
        StripeGateway(settings).session("cs_test_1")

    assert time.monotonic() - started < 10


def test_nobody_listening_is_an_unknown_outcome(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "sqlite://", stripe_api_base="http://127.0.0.1:9")

    with pytest.raises(GatewayUnknownError):
        StripeGateway(settings).refunds_of("pi_1")


def test_moments_are_aware(shop: Shop, app: Flask) -> None:
    payments = shop.services.payments
    opened = payments.open_session(payments.session_params(_request(shop)), key="k1")

    assert opened.created_at == shop.clock.now()
    assert opened.created_at.tzinfo is UTC
    assert isinstance(opened.expires_at, datetime)
