"""Keyed hashes: what lets the store count and recognise people without keeping who they are.

There are two keys. What is handed out is signed with `STORE_SECRET_KEY`, and believed too where it
was signed with the one before: that key can be changed. What is kept and looked up again is made
with `STORE_KEPT_KEY`, which is the same until the other one is changed, and stays.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from store.settings import Settings

Made = Callable[[Settings], str]


def keyed(settings: Settings, purpose: str, text: str) -> bytes:
    """Return 32 bytes that only this shop can reckon; each purpose has signatures of its own.

    For what is handed out and comes back to `is_signed`; what is kept wants `kept_hash`.
    """
    return _digest(settings.secret_key.get_secret_value(), purpose, text)


def signer_of(given: str, made: Made, settings: Settings) -> Settings | None:
    """Return the settings, with the key of now or of before, under which made(…) gives the same.

    None where neither does. Each is tried, whichever it is: the time tells nobody.
    """
    found = None
    for known in _with_each_key(settings):
        expected = made(known).encode()
        if hmac.compare_digest(expected, given.encode("utf-8", "replace")):
            found = known
    return found


def is_signed(given: str, made: Made, settings: Settings) -> bool:
    """Whether this is what made(…) gives under the key of now, or of before."""
    return signer_of(given, made, settings) is not None


def kept_hash(settings: Settings, purpose: str, text: str) -> bytes:
    """Return 32 bytes that only this shop can reckon, and will reckon again under another key."""
    return _digest(settings.kept_key.get_secret_value(), purpose, text)


def network_hash_of(network: str, settings: Settings) -> str:
    """Return the hash of a shortened network address: enough to limit, not to find anybody."""
    return kept_hash(settings, "network", network).hex() if network else ""


def email_hash_of(email: str, settings: Settings) -> str:
    return kept_hash(settings, "email", email.strip().casefold()).hex()


def session_keys(settings: Settings) -> dict[str, Any]:
    """Return Flask's names for the key of its cookies, and for the one that it still knows."""
    previous = settings.secret_key_previous.get_secret_value()
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SECRET_KEY_FALLBACKS": [previous] if previous else None,
    }


def _with_each_key(settings: Settings) -> tuple[Settings, ...]:
    if not settings.secret_key_previous.get_secret_value():
        return (settings,)
    before = settings.model_copy(update={"secret_key": settings.secret_key_previous})
    return settings, before


def _digest(key: str, purpose: str, text: str) -> bytes:
    return hmac.digest(key.encode(), f"{purpose}:{text}".encode(), sha256)
