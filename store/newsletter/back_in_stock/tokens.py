"""The signed links in mails about a request: each opens one act for one request."""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError
from store.keyed import keyed
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.tokens import (
    CONFIRM_WITHIN,
    SIGNATURE_BYTES,
    TOKEN,
    Act,
    TokenExpiredError,
    read_id,
)
from store.settings import Settings


class RequestEndedError(TokenExpiredError):
    """The link has the form of ours, and nothing waits behind it any more."""


def token_for(request: StockRequest, act: Act, settings: Settings, clock: Clock) -> str:
    """Return what stands in the link: which request, since when, and a signature over it."""
    stated = f"{request.id:x}-{int(clock.now().timestamp()):x}"
    return f"{stated}-{_signature(request, act, stated, settings)}"


def request_behind(
    token: str, act: Act, settings: Settings, clock: Clock, *, locks: bool = False
) -> StockRequest:
    """Return which request this link is for, locked until the transaction ends where it changes.

    Raises NotFoundError for what is no link, and RequestEndedError for one whose request is gone,
    belongs to somebody else by now, or for a confirmation older than seven days.
    """
    parts = TOKEN.fullmatch(token)
    if parts is None:
        raise NotFoundError("no link of ours")
    found = db.session.get(StockRequest, read_id(parts[1]), with_for_update=locks)
    stated = f"{parts[1]}-{parts[2]}"
    expected = _signature(found or StockRequest(secret=""), act, stated, settings)
    if not hmac.compare_digest(expected, parts[3]) or found is None:
        raise RequestEndedError("nothing waits behind this link")
    asked_at = datetime.fromtimestamp(int(parts[2], 16), UTC)
    if act is Act.CONFIRM and clock.now() - asked_at > CONFIRM_WITHIN:
        raise RequestEndedError("older than seven days")
    return found


def _signature(request: StockRequest, act: Act, stated: str, settings: Settings) -> str:
    signed = keyed(settings, f"back in stock {act}", f"{stated}:{request.secret}")
    return urlsafe_b64encode(signed[:SIGNATURE_BYTES]).decode()
