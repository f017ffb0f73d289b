"""The sandbox as the demonstration runs it: served, with its thread, the SDK over a socket."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import stripe
from flask import Flask, request
from werkzeug.serving import make_server

from store.sandbox.stripe import ApiFault, FaultKind, Faults, Sandbox, create_sandbox, sandbox_of
from tests.sandbox.stripe.orders import SECRET, open_session


@dataclass
class Served:
    client: stripe.StripeClient
    sandbox: Sandbox


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served() -> Iterator[Served]:
    app = create_sandbox()
    http_client: stripe.HTTPClient = stripe.RequestsClient(timeout=5)
    with _serving(app) as origin:
        client = stripe.StripeClient(
            "sk_test_sandbox",
            base_addresses={"api": origin},
            http_client=http_client,
            max_network_retries=0,
        )
        yield Served(client, sandbox_of(app))
        # The SDK leaves the end of its client without types.
        http_client.close()  # type: ignore[no-untyped-call]
        sandbox_of(app).close()


@pytest.fixture
def shop() -> Iterator[tuple[str, list[str]]]:
    """A shop that verifies webhooks, refuses the first, and keeps the kinds of the others."""
    kinds: list[str] = []
    refusals = iter([500])
    app = Flask("shop")

    @app.post("/webhooks/stripe")
    def webhook() -> tuple[str, int]:
        signature = request.headers["Stripe-Signature"]
        event = stripe.Webhook.construct_event(request.get_data(), signature, SECRET)
        status = next(refusals, 200)
        if status == 200:
            kinds.append(event.type)
        return "", status

    with _serving(app) as origin:
        yield f"{origin}/webhooks/stripe", kinds


def _wait_for(kinds: list[str], wanted: int) -> None:
    deadline = time.monotonic() + 10
    while len(kinds) < wanted and time.monotonic() < deadline:
        time.sleep(0.02)


def test_the_thread_delivers_signed_events_and_tries_again(
    served: Served, shop: tuple[str, list[str]]
) -> None:
    url, kinds = shop
    served.sandbox.listen(url, SECRET)
    served.sandbox.start(every_seconds=0.02)
    served.sandbox.pay(open_session(served.client).id)

    _wait_for(kinds, 4)

    assert sorted(kinds) == [
        "charge.succeeded",
        "checkout.session.completed",
        "payment_intent.created",
        "payment_intent.succeeded",
    ]


def test_nobody_at_the_address_is_a_failed_delivery(served: Served) -> None:
    served.sandbox.listen("http://127.0.0.1:9/webhooks/stripe", SECRET)
    served.sandbox.pay(open_session(served.client).id)

    assert served.sandbox.deliver_now() == 0


def test_the_sdk_hears_a_broken_connection(served: Served) -> None:
    served.sandbox.faults = Faults(api=(ApiFault(FaultKind.RESET_AFTER, times=1),))

    with pytest.raises(stripe.APIConnectionError):
        open_session(served.client)

    assert len(served.client.v1.checkout.sessions.list().data) == 1


def test_the_sdk_waits_for_a_slow_answer(served: Served) -> None:
    served.sandbox.faults = Faults(api=(ApiFault(FaultKind.HANG, times=1, seconds=0.2),))
    started = time.monotonic()

    session = open_session(served.client)

    assert session.status == "open"
    assert time.monotonic() - started >= 0.2
