"""Order numbers that a reader can say over the telephone: random, without look-alikes or words."""

import re
import secrets

from sqlalchemy import select

from store.database import db
from store.orders.models import Order

# No vowels, so that chance writes no words; no 0, 1, 5, 8, B, I, L, O, S, U, which are misread.
# pragma: allowlist nextline secret - the signs of which numbers are made
ALPHABET = "234679CDFGHJKMNPQRTVWXYZ"
HALF = 4
TRIES = 20


def new_number(prefix: str) -> str:
    """Return a number such as GN-7K3Q-F2XW that no order has."""
    for _ in range(TRIES):
        number = _random_number(prefix)
        if db.session.scalar(select(Order.id).where(Order.number == number)) is None:
            return number
    raise RuntimeError("every order number that was drawn is taken")


def tidy_number(typed: str) -> str:
    """Return the number in its own spelling, however a person typed it."""
    signs = re.sub(r"[^A-Z0-9]", "", typed[:40].upper())
    if len(signs) <= 2 * HALF:
        return signs
    return "-".join((signs[: -2 * HALF], signs[-2 * HALF : -HALF], signs[-HALF:]))


def _random_number(prefix: str) -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))
    return f"{prefix}-{signs[:HALF]}-{signs[HALF:]}"
