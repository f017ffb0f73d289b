"""Stripe for a run: the sandbox of the project, over HTTP, in threads of this process."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server

from store.payments.stripe_gateway import HANDLED_EVENTS
from store.sandbox.stripe import Listener, Sandbox, SandboxSettings, create_sandbox, sandbox_of
from store.sandbox.stripe.state import Shelf

SOON_AGAIN = (1, 1, 2, 3, 5, 8, 13, 30, 60, 300, 900)
"""Seconds until an event is brought again; Stripe itself begins with minutes."""


@contextmanager
def serving_sandbox(api_key: str, secret: str, hooks_port: int) -> Iterator[tuple[Sandbox, int]]:
    """Serve a sandbox that brings its events to this port; yield it and its own port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    listener = Listener(
        f"http://127.0.0.1:{hooks_port}/webhooks/stripe", secret, tuple(HANDLED_EVENTS)
    )
    app = create_sandbox(
        SandboxSettings(api_key=api_key, listeners=(listener,), retry_after_seconds=SOON_AGAIN)
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="stripe", daemon=True)
    thread.start()
    sandbox = sandbox_of(app)
    stop = sandbox.start()
    try:
        yield sandbox, server.server_port
    finally:
        stop()
        server.shutdown()
        thread.join()
        server.server_close()


def paid_sessions(sandbox: Sandbox) -> list[Mapping[str, Any]]:
    return [
        page
        for page in sandbox.account.state.scan(Shelf.SESSION)
        if page["status"] == "complete" and page["payment_status"] == "paid"
    ]


def kept_by_buyer(sandbox: Sandbox) -> dict[str, list[Mapping[str, Any]]]:
    """Return each buyer's charges of which anything was kept, by her address."""
    kept: dict[str, list[Mapping[str, Any]]] = {}
    for charge in sandbox.account.state.scan(Shelf.CHARGE):
        if charge["paid"] and charge["amount_captured"] > charge["amount_refunded"]:
            kept.setdefault(charge["billing_details"]["email"], []).append(charge)
    return kept
