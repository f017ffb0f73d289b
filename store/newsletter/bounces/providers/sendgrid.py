"""SendGrid: a key of theirs signs the moment and the bytes (ECDSA over P-256, SHA-256).

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from store.newsletter.bounces.events import (
    Complaint,
    Event,
    HardBounce,
    SoftBounce,
    message_id_in,
    one_line,
)
from store.newsletter.bounces.providers.calls import (
    MOST_EVENTS,
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

NAME = "sendgrid"
SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
# It comes again for a day.
BELIEVED = timedelta(hours=26)
DROPPED: Mapping[str, type[Event]] = {
    "Bounced Address": HardBounce,
    "Invalid": HardBounce,
    "Spam Reporting Address": Complaint,
}
"""What SendGrid itself keeps back, because of what came back to it before."""


def read(heard: Heard) -> Told:
    """Return what SendGrid tells, many events at a time."""
    headers, body = heard.call.headers, heard.call.body
    stamp = headers.get(TIMESTAMP, "")
    signed = stamp.encode("utf-8", "replace") + body
    if not _is_genuine(signed, headers.get(SIGNATURE, ""), heard.secrets):
        raise ForgedCallError("no key of theirs signed it")
    assert_fresh(stamp, heard.now, BELIEVED)
    told = parsed(body)
    if not isinstance(told, list) or len(told) > MOST_EVENTS:
        raise UnreadableCallError("no list of events, or one too long")
    return Told(list(_events(told, heard.now)))


def is_key(text: str) -> bool:
    """Whether this is a key as their page of settings shows it."""
    return _key(text) is not None


def _is_genuine(signed: bytes, given: str, keys: Sequence[str]) -> bool:
    try:
        signature = b64decode(given, validate=True)
    except (Error, ValueError):
        return False
    return any(_signed_by(key, signature, signed) for key in map(_key, keys) if key)


def _key(text: str) -> EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(b64decode(text, validate=True))
    except (Error, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None


def _signed_by(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _events(told: Sequence[object], now: datetime) -> Iterator[Event]:
    for one in map(mapping, told):
        kind = _kind(one)
        if kind is not None and text(one.get("sg_event_id")):
            yield kind(
                provider=NAME,
                event_id=text(one["sg_event_id"]),
                recipient=one_line(one.get("email")),
                message_id=message_id_in(one.get("smtp-id")),
                at=moment(one.get("timestamp"), now),
                diagnostic=one_line(f"{text(one.get('status'))} {text(one.get('reason'))}"),
            )


def _kind(one: Mapping[str, Any]) -> type[Event] | None:
    match one.get("event"):
        case "bounce":
            # A blocked mail was refused because of us, and the next may arrive.
            return SoftBounce if one.get("type") == "blocked" else HardBounce
        case "spamreport":
            return Complaint
        case "dropped":
            return DROPPED.get(text(one.get("reason")))
    return None
