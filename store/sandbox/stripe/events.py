"""What happened, as Stripe tells it: events, and one delivery for each listening endpoint."""

from collections.abc import Mapping
from typing import Any

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import Test, listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.settings import API_VERSION
from store.sandbox.stripe.state import Shelf


def emit(
    account: Account, kind: str, subject: Record, previous: Mapping[str, Any] | None = None
) -> Record:
    """Write an event with a snapshot of its subject; call it inside `account.changing()`."""
    snapshot: Record = {"object": subject}
    if previous is not None:
        snapshot["previous_attributes"] = dict(previous)
    listening = [e for e in account.state.scan(Shelf.ENDPOINT) if _listens(e, kind)]
    event: Record = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": account.stamp(),
        "data": snapshot,
        "livemode": False,
        "pending_webhooks": len(listening),
        "request": {
            "id": account.cause.request_id,
            "idempotency_key": account.cause.idempotency_key,
        },
        "type": kind,
    }
    account.state.put(Shelf.EVENT, event)
    for endpoint in listening:
        _plan_delivery(account, event, endpoint["id"])
    return event


def retrieve_event(account: Account, _: Parameters, event_id: str) -> Record:
    return account.find(Shelf.EVENT, event_id, "id")


def list_events(account: Account, parameters: Parameters) -> Record:
    tests: list[Test] = []
    kinds = set(parameters.texts("types", most=20))
    if kinds:
        tests.append(lambda event: event["type"] in kinds)
    delivered = parameters.boolean("delivery_success")
    if delivered is not None:
        tests.append(lambda event: (event["pending_webhooks"] == 0) == delivered)
    kind = parameters.text("type")
    if kind:
        tests.append(lambda event: _matches(kind, event["type"]))
    return listed(account, Shelf.EVENT, parameters, tests=tests)


def _plan_delivery(account: Account, event: Record, endpoint_id: str) -> None:
    delay = account.faults.faults.webhook_delay_seconds
    account.state.put(
        Shelf.DELIVERY,
        {
            "id": new_id("sandbox_whd"),
            "event": event["id"],
            "endpoint": endpoint_id,
            "attempts": 0,
            "due_at": account.now().timestamp() + delay,
        },
    )


def _listens(endpoint: Mapping[str, Any], kind: str) -> bool:
    return endpoint["status"] == "enabled" and any(
        _matches(wanted, kind) for wanted in endpoint["enabled_events"]
    )


def _matches(wanted: str, kind: str) -> bool:
    return wanted in {"*", kind} or (wanted.endswith(".*") and kind.startswith(wanted[:-1]))
