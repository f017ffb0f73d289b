"""The addresses that mail providers call when something comes back."""

import structlog
from flask import Blueprint, Response, abort, request

from store.newsletter.bounces.providers.calls import (
    Call,
    ForgedCallError,
    UnreadableCallError,
)
from store.web.doors import services

blueprint = Blueprint("bounces", __name__)
log = structlog.get_logger(__name__)


@blueprint.post("/webhooks/mail/<provider>")
def take_events(provider: str) -> Response:
    """Answer 200 only when everything is kept; 400 to whoever cannot prove who she is."""
    # Imported with the first call: few shops hear of any provider, and what proves one is large.
    from store.newsletter.bounces.calling import answer_call, secrets_of

    doors = services()
    if not secrets_of(provider, doors.settings):
        abort(404)
    # The signature is of these very bytes: nothing may parse them first.
    body = request.get_data(cache=False, parse_form_data=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        new = answer_call(provider, Call(headers, body), doors)
    except (ForgedCallError, UnreadableCallError) as error:
        log.warning("webhook_refused", provider=provider, reason=str(error), bytes=len(body))
        abort(400)
    return Response(f"{new} taken", 200, mimetype="text/plain")
