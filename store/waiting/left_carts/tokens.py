"""The signed links in the mail about a cart: one shows and restores it, one forgets the address."""

from store.clock import Clock
from store.database import db
from store.newsletter.signing import read_link, sign
from store.newsletter.tokens import TokenExpiredError
from store.settings import Settings
from store.waiting.left_carts.models import CartLink


class CartLinkEndedError(TokenExpiredError):
    """The link has the form of ours, and no cart is behind it any more."""


def token_for(link: CartLink, act: str, settings: Settings, clock: Clock) -> str:
    return sign(link.id, _purpose(act), link.secret, settings, clock)


def link_behind(token: str, act: str, settings: Settings, clock: Clock) -> CartLink:
    """Return whose cart this link is of; raises NotFoundError, CartLinkEndedError."""
    read = read_link(token)
    found = db.session.get(CartLink, read.row_id, populate_existing=True)
    # A signature is reckoned for nothing too, so that both answers take the same time.
    is_ours = read.is_genuine(_purpose(act), found.secret if found else "", settings)
    if not is_ours or found is None or found.ends_at <= clock.now():
        raise CartLinkEndedError("no cart waits behind this link")
    return found


def _purpose(act: str) -> str:
    return f"left cart {act}"
