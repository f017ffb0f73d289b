"""Signs what is sent by the Standard Webhooks scheme: https://www.standardwebhooks.com/.

A secret is not kept: it follows from the shop's own and from a nonce, so that a stolen copy of the
database signs nothing.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from store.connections.models import Endpoint
from store.keyed import kept_hash
from store.settings import Settings

PREFIX = "whsec_"
PURPOSE = "webhook secret"


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def secret_of(nonce: str, settings: Settings) -> str:
    """Return the secret as its receiver is told it: whsec_ and 32 bytes in Base64."""
    return PREFIX + b64encode(kept_hash(settings, PURPOSE, nonce)).decode()


def secrets_of(endpoint: Endpoint, now: datetime, settings: Settings) -> Sequence[str]:
    """Return the secrets that count now, the newest first."""
    nonces = [endpoint.nonce]
    if endpoint.old_nonce and endpoint.old_until is not None and endpoint.old_until > now:
        nonces.append(endpoint.old_nonce)
    return [secret_of(nonce, settings) for nonce in nonces]


def signed_headers(
    message_id: str, body: str, at: datetime, secrets_alive: Sequence[str]
) -> dict[str, str]:
    """Return the three headers; one signature for each secret, the newest first."""
    timestamp = str(int(at.timestamp()))
    content = f"{message_id}.{timestamp}.{body}".encode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets_alive),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, content, sha256)).decode()
