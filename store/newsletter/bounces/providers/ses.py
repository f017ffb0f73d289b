"""Amazon SES by way of SNS: a certificate of theirs signs the message, for a topic that we named.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate

from store.newsletter.bounces.certificates import certificate_at
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
    listed,
    mapping,
    moment,
    parsed,
    text,
)
from store.services import Services

NAME = "ses"
# SNS comes again for hours, with the moment at which it was published.
BELIEVED = timedelta(days=1)
TOPIC = re.compile(
    r"arn:aws(?:-cn|-us-gov)?:sns:([a-z]{2}(?:-[a-z]+){1,2}-\d{1,2}):\d{12}:[\w-]{1,256}", re.ASCII
)
_certificate = re.compile(
    r"https://sns\.([a-z0-9-]{5,30})\.amazonaws\.com(?:\.cn)?/SimpleNotificationService-[0-9a-f]{16,64}\.pem"
)
_host = re.compile(r"sns\.([a-z0-9-]{5,30})\.amazonaws\.com(?:\.cn)?")
NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
SIGNED["UnsubscribeConfirmation"] = SIGNED[CONFIRMATION]
"""What is signed of each kind, in this order; a subject only where there is one."""
HASHES: Mapping[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}
OLD = "1"
"""What topics send until their attribute SignatureVersion is set to 2."""


def read(heard: Heard) -> Told:
    """Return what SES tells, or the address that opens a topic which we asked for."""
    envelope = mapping(parsed(heard.call.body))
    topic = text(envelope.get("TopicArn"))
    # Anybody may have SNS sign what she likes in a topic of her own.
    if topic not in heard.secrets or not TOPIC.fullmatch(topic):
        raise ForgedCallError("it is of a topic that we did not name")
    _prove(envelope, topic, heard.services)
    assert_fresh(envelope.get("Timestamp"), heard.now, BELIEVED)
    match envelope.get("Type"):
        case "SubscriptionConfirmation":
            return Told(topic_url=_opening(envelope, topic))
        case "Notification":
            return Told(
                list(_events(mapping(parsed(text(envelope["Message"]).encode())), heard.now))
            )
    return Told()


def _prove(envelope: Mapping[str, Any], topic: str, services: Services) -> None:
    """Raise ForgedCallError unless Amazon signed this very envelope."""
    names = SIGNED.get(text(envelope.get("Type")))
    version = str(envelope.get("SignatureVersion"))
    hashing = HASHES.get(version)
    url = text(envelope.get("SigningCertURL"))
    found = _certificate.fullmatch(url)
    if names is None or hashing is None or found is None or found[1] != _region(topic):
        raise ForgedCallError("it names no certificate of theirs")
    if version == OLD and not services.settings.bounces_ses_sha1:
        raise ForgedCallError("it is signed with SHA-1: set SignatureVersion to 2 at the topic")
    lines = [f"{name}\n{text(envelope[name])}\n" for name in names if name in envelope]
    key = load_pem_x509_certificate(certificate_at(url, services).encode()).public_key()
    if not isinstance(key, RSAPublicKey):
        raise ForgedCallError("its certificate has a key of another kind")
    try:
        signature = b64decode(text(envelope.get("Signature")), validate=True)
        key.verify(signature, "".join(lines).encode("utf-8", "replace"), PKCS1v15(), hashing())
    except (Error, ValueError, InvalidSignature):
        raise ForgedCallError("their certificate did not sign it") from None


def _region(topic: str) -> str:
    found = TOPIC.fullmatch(topic)
    return found[1] if found else ""


def _opening(envelope: Mapping[str, Any], topic: str) -> str:
    """Return where a topic is opened: of the host, for the act and the topic that it must be."""
    url = text(envelope.get("SubscribeURL"))
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
    except ValueError:
        raise ForgedCallError("it would open no web address") from None
    host = _host.fullmatch(parts.netloc)
    is_theirs = parts.scheme == "https" and host is not None and host[1] == _region(topic)
    if (
        not is_theirs
        or parts.path != "/"
        or asked.get("Action") != ["ConfirmSubscription"]
        or asked.get("TopicArn") != [topic]
    ):
        raise ForgedCallError("it would open something else")
    return url


def _events(told: Mapping[str, Any], now: datetime) -> Iterator[Event]:
    kind = told.get("notificationType") or told.get("eventType")
    mail = mapping(told.get("mail"))
    if kind == "Bounce":
        yield from _bounces(mapping(told.get("bounce")), mail, now)
    elif kind == "Complaint":
        yield from _complaints(mapping(told.get("complaint")), mail, now)
    elif not isinstance(kind, str):
        raise UnreadableCallError("it tells of nothing")


def _bounces(bounce: Mapping[str, Any], mail: Mapping[str, Any], now: datetime) -> Iterator[Event]:
    kind = HardBounce if bounce.get("bounceType") == "Permanent" else SoftBounce
    for number, one in _recipients(bounce.get("bouncedRecipients")):
        said = f"{text(one.get('status'))} {text(one.get('diagnosticCode'))}"
        yield kind(
            provider=NAME,
            event_id=_name(bounce, mail, number),
            recipient=one_line(one.get("emailAddress")),
            message_id=_original(mail),
            at=moment(bounce.get("timestamp"), now),
            diagnostic=one_line(said) or one_line(bounce.get("bounceSubType")),
        )


def _complaints(
    complaint: Mapping[str, Any], mail: Mapping[str, Any], now: datetime
) -> Iterator[Event]:
    if complaint.get("complaintFeedbackType") in {"not-spam", "auth-failure"}:
        return
    for number, one in _recipients(complaint.get("complainedRecipients")):
        yield Complaint(
            provider=NAME,
            event_id=_name(complaint, mail, number),
            recipient=one_line(one.get("emailAddress")),
            message_id=_original(mail),
            at=moment(complaint.get("timestamp"), now),
            diagnostic=one_line(complaint.get("complaintFeedbackType")),
        )


def _recipients(value: object) -> Sequence[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(map(mapping, listed(value)[:MOST_EVENTS])))


def _name(told: Mapping[str, Any], mail: Mapping[str, Any], number: int) -> str:
    name = text(told.get("feedbackId")) or text(mail.get("messageId"))
    if not name:
        raise UnreadableCallError("it has no name")
    return f"{name} {number}"


def _original(mail: Mapping[str, Any]) -> str:
    """Return our own Message-ID, which SES replaces and tells where it was asked for headers."""
    for one in map(mapping, listed(mail.get("headers"))):
        if text(one.get("name")).lower() == "message-id":
            return message_id_in(one.get("value"))
    return message_id_in(mapping(mail.get("commonHeaders")).get("messageId"))
