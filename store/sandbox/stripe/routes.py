"""Which addresses of Stripe's API the sandbox answers, and by which verb."""

from collections.abc import Callable

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from store.sandbox.stripe import (
    charges,
    coupons,
    disputes,
    events,
    files,
    merchant,
    opening,
    refunds,
    sessions,
    webhook_endpoints,
)
from store.sandbox.stripe.errors import Record

Endpoint = Callable[..., Record]

_ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("POST", "/v1/checkout/sessions", opening.open_session),
    ("GET", "/v1/checkout/sessions", sessions.list_sessions),
    ("GET", "/v1/checkout/sessions/<session>", sessions.retrieve_session),
    ("GET", "/v1/checkout/sessions/<session>/line_items", sessions.list_line_items),
    ("POST", "/v1/checkout/sessions/<session>/expire", sessions.expire_session),
    ("GET", "/v1/payment_intents", charges.list_intents),
    ("GET", "/v1/payment_intents/<intent>", charges.retrieve_intent),
    ("GET", "/v1/charges", charges.list_charges),
    ("GET", "/v1/charges/<charge>", charges.retrieve_charge),
    ("POST", "/v1/refunds", refunds.create_refund),
    ("GET", "/v1/refunds", refunds.list_refunds),
    ("GET", "/v1/refunds/<refund>", refunds.retrieve_refund),
    ("GET", "/v1/disputes", disputes.list_disputes),
    ("GET", "/v1/disputes/<dispute>", disputes.retrieve_dispute),
    ("POST", "/v1/disputes/<dispute>", disputes.update_dispute),
    ("POST", "/v1/disputes/<dispute>/close", disputes.accept_dispute),
    ("POST", "/v1/files", files.create_file),
    ("POST", "/v1/coupons", coupons.create_coupon),
    ("GET", "/v1/coupons", coupons.list_coupons),
    ("GET", "/v1/coupons/<coupon>", coupons.retrieve_coupon),
    ("DELETE", "/v1/coupons/<coupon>", coupons.delete_coupon),
    ("GET", "/v1/events", events.list_events),
    ("GET", "/v1/events/<event_id>", events.retrieve_event),
    ("POST", "/v1/webhook_endpoints", webhook_endpoints.create_endpoint),
    ("GET", "/v1/webhook_endpoints", webhook_endpoints.list_endpoints),
    ("GET", "/v1/webhook_endpoints/<webhook_endpoint>", webhook_endpoints.retrieve_endpoint),
    ("POST", "/v1/webhook_endpoints/<webhook_endpoint>", webhook_endpoints.update_endpoint),
    ("DELETE", "/v1/webhook_endpoints/<webhook_endpoint>", webhook_endpoints.delete_endpoint),
    ("GET", "/v1/account", merchant.retrieve_account),
    ("GET", "/v1/balance", merchant.retrieve_balance),
)

# Compiled once for the process: tests make many sandboxes, and Flask would compile it for each.
_ADDRESSES = Map(
    [Rule(rule, methods=[method], endpoint=endpoint) for method, rule, endpoint in _ROUTES]
).bind("")


def find_endpoint(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the verb for an address and the ids in it, or None where Stripe has nothing."""
    try:
        endpoint, ids = _ADDRESSES.match(path, method)
    except HTTPException:
        return None
    return endpoint, dict(ids)
