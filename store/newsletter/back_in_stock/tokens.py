"""The signed links in mails about a request: each opens one act for one request."""

from store.clock import Clock
from store.database import db
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.signing import read_link, sign
from store.newsletter.tokens import CONFIRM_WITHIN, Act, TokenExpiredError
from store.settings import Settings


class RequestEndedError(TokenExpiredError):
    """The link has the form of ours, and nothing waits behind it any more."""


def token_for(request: StockRequest, act: Act, settings: Settings, clock: Clock) -> str:
    """Return what stands in the link: which request, since when, and a signature over it."""
    return sign(request.id, _purpose(act), request.secret, settings, clock)


def request_behind(
    token: str, act: Act, settings: Settings, clock: Clock, *, locks: bool = False
) -> StockRequest:
    """Return which request this link is for, locked until the transaction ends where it changes.

    Raises NotFoundError for what is no link, and RequestEndedError for one whose request is gone,
    belongs to somebody else by now, or for a confirmation older than seven days.
    """
    link = read_link(token)
    found = db.session.get(StockRequest, link.row_id, with_for_update=locks)
    # A signature is reckoned for nothing too, so that both answers take the same time.
    is_ours = link.is_genuine(_purpose(act), found.secret if found else "", settings)
    if not is_ours or found is None:
        raise RequestEndedError("nothing waits behind this link")
    if act is Act.CONFIRM and clock.now() - link.signed_at > CONFIRM_WITHIN:
        raise RequestEndedError("older than seven days")
    return found


def _purpose(act: Act) -> str:
    return f"back in stock {act}"
