"""The signed links in newsletter mails: each opens one act for one person, and can be revoked."""

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError, StoreError
from store.keyed import keyed
from store.newsletter.models import Subscriber
from store.settings import Settings

SIGNATURE_BYTES = 18
"""144 bits: nobody guesses them, and the link still fits on a line of a mail."""
CONFIRM_WITHIN = timedelta(days=7)
TOKEN = re.compile(r"([0-9a-z]{1,12})-([0-9a-z]{1,12})-([A-Za-z0-9_-]{24})", re.ASCII)


class Act(StrEnum):
    CONFIRM = "confirm"
    LEAVE = "leave"


class TokenExpiredError(StoreError):
    """The link was ours and has grown too old."""


def token_for(subscriber: Subscriber, act: Act, settings: Settings, clock: Clock) -> str:
    """Return what stands in the link: who, since when, and a signature over both and the act."""
    stated = f"{subscriber.id:x}-{int(clock.now().timestamp()):x}"
    return f"{stated}-{_signature(subscriber, act, stated, settings)}"


def subscriber_behind(
    token: str, act: Act, settings: Settings, clock: Clock, *, locks: bool = False
) -> Subscriber:
    """Return whom this link is for, locked until the transaction ends where she will be changed.

    Raises NotFoundError for a link that is not ours, was cut or was revoked, TokenExpiredError for
    a confirmation older than seven days. A link to leave never expires.
    """
    parts = TOKEN.fullmatch(token)
    if parts is None:
        raise NotFoundError("no link of ours")
    found = db.session.get(Subscriber, read_id(parts[1]), with_for_update=locks)
    # A signature is reckoned for nobody too, so that both answers take the same time.
    stated = f"{parts[1]}-{parts[2]}"
    expected = _signature(found or Subscriber(secret=""), act, stated, settings)
    if not hmac.compare_digest(expected, parts[3]) or found is None:
        raise NotFoundError("no link of ours")
    # What is signed was written by us, so it can be read.
    asked_at = datetime.fromtimestamp(int(parts[2], 16), UTC)
    if act is Act.CONFIRM and clock.now() - asked_at > CONFIRM_WITHIN:
        raise TokenExpiredError("older than seven days")
    return found


def read_id(text: str) -> int:
    """Return the id that a link states, or 0 for what is none: no database has it."""
    try:
        number = int(text, 16)
    except ValueError:
        return 0
    # No database has a larger id.
    return number if number < 2**31 else 0


def _signature(subscriber: Subscriber, act: Act, stated: str, settings: Settings) -> str:
    signed = keyed(settings, f"newsletter {act}", f"{stated}:{subscriber.secret}")
    return urlsafe_b64encode(signed[:SIGNATURE_BYTES]).decode()
