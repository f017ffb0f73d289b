"""Calls of mail providers as they make them, signed by keys that these tests hold."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from store.database import db, writing
from store.newsletter.bounces.models import SigningCertificate
from tests.newsletter.bounces.samples import READER
from tests.shop import Shop

MAILGUN_KEY = "key-of-a-test"
POSTMARK_SECRET = "postmark:a secret of a test"
TOPIC = "arn:aws:sns:ap-southeast-2:123456789012:mail-events"
CERTIFICATE_URL = (
    "https://sns.ap-southeast-2.amazonaws.com/"
    "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
)


@dataclass(frozen=True, slots=True)
class Letterbox:
    """One post: where to, its body, its headers."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@cache
def sendgrid_keys() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def amazon_keys() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def sendgrid_verification_key() -> str:
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = sendgrid_keys().public_key().public_bytes(serialization.Encoding.DER, spki)
    return b64encode(public).decode()


def mailgun(
    shop: Shop,
    *,
    key: str = MAILGUN_KEY,
    token: str = "t" * 50,
    at: datetime | None = None,
    signature: Mapping[str, str] | None = None,
    **event: Any,
) -> Letterbox:
    stamp = str(int((at or shop.clock.now()).timestamp()))
    signed = hmac.digest(key.encode(), f"{stamp}{token}".encode(), sha256).hex()
    data = {
        "event": "failed",
        "severity": "permanent",
        "id": "CCXMjJ7nQi2N3BPigGOdgQ",
        "timestamp": shop.clock.now().timestamp() - 5.25,
        "recipient": READER,
        "reason": "bounce",
        "message": {"headers": {"message-id": "20261121.1@example.org", "to": READER}},
        "delivery-status": {"code": 550, "message": "5.1.1 The account does not exist"},
    } | event
    stated = {"timestamp": stamp, "token": token, "signature": signed} | dict(signature or {})
    return Letterbox("mailgun", json.dumps({"signature": stated, "event-data": data}).encode())


def postmark(shop: Shop, *, secret: str = POSTMARK_SECRET, **event: Any) -> Letterbox:
    body = {
        "RecordType": "Bounce",
        "ID": 4_323_372_036_854_775_807,
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": READER,
        "BouncedAt": (shop.clock.now() - timedelta(minutes=1)).isoformat(),
    } | event
    coded = b64encode(secret.encode()).decode()
    return Letterbox("postmark", json.dumps(body).encode(), {"Authorization": f"Basic {coded}"})


def sendgrid(
    shop: Shop,
    *events: Mapping[str, Any],
    keys: ec.EllipticCurvePrivateKey | None = None,
    at: datetime | None = None,
) -> Letterbox:
    body = json.dumps([a_sendgrid_event(shop) | dict(event) for event in events or ({},)]).encode()
    stamp = str(int((at or shop.clock.now()).timestamp()))
    signature = (keys or sendgrid_keys()).sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
    }
    return Letterbox("sendgrid", body, headers)


def a_sendgrid_event(shop: Shop) -> dict[str, Any]:
    return {
        "email": READER,
        "timestamp": int(shop.clock.now().timestamp()) - 3,
        "event": "bounce",
        "type": "bounce",
        "sg_event_id": "event-1",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "smtp-id": "<20261121.1@example.org>",
        "status": "5.1.1",
        "reason": "550 5.1.1 The email account does not exist",
    }


def ses(
    shop: Shop,
    told: Mapping[str, Any],
    *,
    version: str = "2",
    keys: rsa.RSAPrivateKey | None = None,
    **changed: str,
) -> Letterbox:
    """Return what SNS posts when SES tells it this."""
    envelope = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(told),
        "Timestamp": _stamp(shop.clock.now()),
        "SigningCertURL": CERTIFICATE_URL,
        "SignatureVersion": version,
    } | changed
    return _signed(envelope, keys)


def subscription(shop: Shop, **changed: str) -> Letterbox:
    envelope = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        "Token": "2336412f37",
        "TopicArn": TOPIC,
        "Message": "You have chosen to subscribe to the topic.",
        "SubscribeURL": (
            "https://sns.ap-southeast-2.amazonaws.com/?Action=ConfirmSubscription"
            f"&TopicArn={TOPIC}&Token=2336412f37"
        ),
        "Timestamp": _stamp(shop.clock.now()),
        "SigningCertURL": CERTIFICATE_URL,
        "SignatureVersion": "2",
    } | changed
    return _signed(envelope, None)


def ses_bounce(kind: str = "Permanent", message_id: str = "<1@example.org>") -> dict[str, Any]:
    return {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "feedbackId": "0100017b-feedback",
            "timestamp": "2026-11-21T22:00:00.000Z",
            "bouncedRecipients": [
                {
                    "emailAddress": READER,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
            ],
        },
        "mail": {
            "messageId": "0100017b-of-amazon",
            "headers": [{"name": "Message-ID", "value": message_id}],
        },
    }


def ses_complaint(feedback: str = "abuse") -> dict[str, Any]:
    return {
        "eventType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": READER}],
            "timestamp": "2026-11-21T22:00:00.000Z",
            "feedbackId": "0100017b-complaint",
            "complaintFeedbackType": feedback,
        },
        "mail": {"messageId": "0100017b-of-amazon", "commonHeaders": {}},
    }


def keep_certificate(shop: Shop, *, days: int = 365, url: str = CERTIFICATE_URL) -> None:
    """Let the shop have fetched Amazon's certificate before."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    begin = shop.clock.now() - timedelta(days=400)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(amazon_keys().public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=400 + days))
        .sign(amazon_keys(), hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    with shop.app.app_context(), writing():
        db.session.add(SigningCertificate(url=url, pem=pem, fetched_at=shop.clock.now()))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _signed(envelope: dict[str, str], keys: rsa.RSAPrivateKey | None) -> Letterbox:
    names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if envelope["Type"] != "Notification":
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    signed = "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope)
    hashing = hashes.SHA1() if envelope["SignatureVersion"] == "1" else hashes.SHA256()
    signature = (keys or amazon_keys()).sign(signed.encode(), padding.PKCS1v15(), hashing)
    body = json.dumps({"Signature": b64encode(signature).decode()} | envelope)
    return Letterbox("ses", body.encode(), {"Content-Type": "text/plain; charset=UTF-8"})
