"""What Stripe's identifiers look like: a prefix that tells the kind, then letters and digits."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(length))}"


def new_session_id() -> str:
    return new_id("cs_test", 58)
