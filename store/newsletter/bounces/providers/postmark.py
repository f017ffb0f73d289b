"""Postmark: no signature, so that the address holds a name and password, or a header a secret.

https://postmarkapp.com/developer/webhooks/webhooks-overview#protecting-your-webhook
"""

import hmac
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.newsletter.bounces.events import (
    Complaint,
    Event,
    HardBounce,
    SoftBounce,
    one_line,
)
from store.newsletter.bounces.providers.calls import (
    ForgedCallError,
    Heard,
    Told,
    UnreadableCallError,
    mapping,
    moment,
    parsed,
    text,
)

NAME = "postmark"
# pragma: allowlist nextline secret - the name of a header
SECRET_HEADER = "x-store-secret"  # nosec B105 # noqa: S105 - the name of a header
KINDS: Mapping[str, type[Event]] = {
    "HardBounce": HardBounce,
    "BadEmailAddress": HardBounce,
    "ManuallyDeactivated": HardBounce,
    "SoftBounce": SoftBounce,
    "Transient": SoftBounce,
    "DnsError": SoftBounce,
    "Blocked": SoftBounce,
    "DMARCPolicy": SoftBounce,
    "SpamNotification": SoftBounce,
    "SpamComplaint": Complaint,
}
"""What readers answer by machine, and what is Postmark's own, says nothing of an address."""


def read(heard: Heard) -> Told:
    """Return what Postmark tells; it names mails in its own way, and addresses as we do."""
    headers = heard.call.headers
    given = (_password(headers.get("authorization", "")), headers.get(SECRET_HEADER, ""))
    if not any(
        hmac.compare_digest(one.encode("utf-8", "replace"), secret.encode())
        for one in given
        for secret in heard.secrets
        if one
    ):
        raise ForgedCallError("it does not know our secret")
    body = mapping(parsed(heard.call.body))
    if not text(body.get("RecordType")):
        raise UnreadableCallError("it tells of nothing")
    event = _event(body, heard.now)
    return Told((event,) if event else ())


def _password(authorization: str) -> str:
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(coded.strip(), validate=True).decode()
    except (Error, ValueError):
        return ""


def _event(body: Mapping[str, Any], now: datetime) -> Event | None:
    kind = KINDS.get(text(body.get("Type")))
    if kind is None or body["RecordType"] not in {"Bounce", "SpamComplaint"}:
        return None
    # The same event of the same mail where it has no number of its own.
    number = body.get("ID") or f"{body.get('MessageID')} {body.get('Type')}"
    return kind(
        provider=NAME,
        event_id=str(number),
        recipient=one_line(body.get("Email")),
        message_id="",
        at=moment(body.get("BouncedAt"), now),
        diagnostic=one_line(body.get("Details")) or one_line(body.get("Description")),
    )
