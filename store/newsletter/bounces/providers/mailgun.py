"""Mailgun: a key signs a moment and a token in the body, and nothing else of it.

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from store.newsletter.bounces.events import (
    Complaint,
    Event,
    HardBounce,
    SoftBounce,
    message_id_in,
    one_line,
)
from store.newsletter.bounces.providers.calls import (
    ForgedCallError,
    Heard,
    Told,
    UnreadableCallError,
    assert_fresh,
    mapping,
    moment,
    parsed,
    text,
)
from store.newsletter.bounces.severity import is_gone

NAME = "mailgun"
# It comes again for eight hours with the same signature; the token keeps others from doing so.
BELIEVED = timedelta(hours=9)


def read(heard: Heard) -> Told:
    """Return what Mailgun tells, with the token that nobody may use again."""
    body = mapping(parsed(heard.call.body))
    signature = mapping(body.get("signature"))
    token, stamp = text(signature.get("token")), str(signature.get("timestamp", ""))
    given = [text(signature.get(name)) for name in ("signature", "parent-signature")]
    if not token or not _is_genuine(f"{stamp}{token}", given, heard.secrets):
        raise ForgedCallError("no key of ours signed it")
    assert_fresh(stamp, heard.now, BELIEVED)
    data = mapping(body.get("event-data"))
    if not data:
        raise UnreadableCallError("it tells of nothing")
    event = _event(data, heard.now)
    return Told((event,) if event else (), token=token)


def _is_genuine(signed: str, given: Sequence[str], keys: Sequence[str]) -> bool:
    expected = [hmac.digest(key.encode(), signed.encode(), sha256).hex() for key in keys]
    return any(
        hmac.compare_digest(own.encode(), one.encode("utf-8", "replace"))
        for own in expected
        for one in given
        if one
    )


def _event(data: Mapping[str, Any], now: datetime) -> Event | None:
    kind = _kind(data)
    if kind is None or not text(data.get("id")):
        return None
    status = mapping(data.get("delivery-status"))
    headers = mapping(mapping(data.get("message")).get("headers"))
    return kind(
        provider=NAME,
        event_id=text(data["id"]),
        recipient=one_line(data.get("recipient")),
        message_id=message_id_in(headers.get("message-id")),
        at=moment(data.get("timestamp"), now),
        diagnostic=_words(status) or one_line(data.get("reason")),
    )


def _kind(data: Mapping[str, Any]) -> type[Event] | None:
    """Return what happened; a failure that Mailgun will try again is none yet."""
    if data.get("event") == "complained":
        return Complaint
    if data.get("event") != "failed" or data.get("severity") != "permanent":
        return None
    match data.get("reason"):
        case "suppress-complaint":
            return Complaint
        case "suppress-bounce":
            return HardBounce
        case "suppress-unsubscribe":
            return None
    status = mapping(data.get("delivery-status"))
    enhanced = text(status.get("enhanced-code"))
    return HardBounce if is_gone(enhanced, _words(status)) else SoftBounce


def _words(status: Mapping[str, Any]) -> str:
    said = text(status.get("message")) or text(status.get("description"))
    code = status.get("code")
    return one_line(f"{code} {said}" if isinstance(code, int) else said)
