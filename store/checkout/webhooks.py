"""The address that Stripe calls: verify, store once, run, and tell the truth about how it went."""

import structlog
from flask import Blueprint, Response, abort, request

from store.checkout.inbox import receive, replay_later, run_or_keep
from store.payments.gateway import ForgedEventError, GatewayEvent
from store.web.doors import services

blueprint = Blueprint("webhooks", __name__)
log = structlog.get_logger(__name__)


@blueprint.post("/webhooks/stripe")
def stripe() -> Response:
    """Answer 200 only when the event is done; anything else makes Stripe come again."""
    doors = services()
    event = _verified_event()
    row_id = receive(event, doors.clock)
    if row_id is None:
        return _answer(200, "seen before")
    if run_or_keep(row_id, doors):
        return _answer(200, "done")
    replay_later(row_id, doors.clock)
    return _answer(500, "kept, and not done yet")


def _verified_event() -> GatewayEvent:
    # The signature is of these very bytes: nothing may parse them first.
    body = request.get_data(cache=False, parse_form_data=False)
    try:
        return services().payments.read_event(body, request.headers.get("Stripe-Signature", ""))
    except ForgedEventError as error:
        log.warning("webhook_refused", reason=str(error), bytes=len(body))
        abort(400)


def _answer(status: int, words: str) -> Response:
    return Response(words, status, mimetype="text/plain")
