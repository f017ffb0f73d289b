"""Keyed hashes: what lets the store count and recognise people without keeping who they are."""

import hmac
from hashlib import sha256

from store.settings import Settings


def keyed(settings: Settings, purpose: str, text: str) -> bytes:
    """Return 32 bytes that only this shop can reckon; each purpose has hashes of its own."""
    secret = settings.secret_key.get_secret_value().encode()
    return hmac.digest(secret, f"{purpose}:{text}".encode(), sha256)


def network_hash_of(network: str, settings: Settings) -> str:
    """Return the hash of a shortened network address: enough to limit, not to find anybody."""
    return keyed(settings, "network", network).hex() if network else ""


def email_hash_of(email: str, settings: Settings) -> str:
    return keyed(settings, "email", email.strip().casefold()).hex()
