"""The signed links in newsletter mails: each opens one act for one person, and can be revoked."""

from datetime import timedelta
from enum import StrEnum

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError, StoreError
from store.newsletter.models import Subscriber
from store.newsletter.signing import read_link, sign
from store.settings import Settings

CONFIRM_WITHIN = timedelta(days=7)


class Act(StrEnum):
    CONFIRM = "confirm"
    LEAVE = "leave"
    PREFERENCES = "preferences"


class TokenExpiredError(StoreError):
    """The link was ours and has grown too old."""


def token_for(subscriber: Subscriber, act: Act, settings: Settings, clock: Clock) -> str:
    """Return what stands in the link: who, since when, and a signature over both and the act."""
    return sign(subscriber.id, _purpose(act), subscriber.secret, settings, clock)


def subscriber_behind(
    token: str, act: Act, settings: Settings, clock: Clock, *, locks: bool = False
) -> Subscriber:
    """Return whom this link is for, locked until the transaction ends where she will be changed.

    Raises NotFoundError for a link that is not ours, was cut or was revoked, TokenExpiredError for
    a confirmation older than seven days. Links to leave and to preferences never expire.
    """
    link = read_link(token)
    found = db.session.get(Subscriber, link.row_id, with_for_update=locks)
    # A signature is reckoned for nobody too, so that both answers take the same time.
    is_ours = link.is_genuine(_purpose(act), found.secret if found else "", settings)
    if not is_ours or found is None:
        raise NotFoundError("no link of ours")
    if act is Act.CONFIRM and clock.now() - link.signed_at > CONFIRM_WITHIN:
        raise TokenExpiredError("older than seven days")
    return found


def _purpose(act: Act) -> str:
    return f"newsletter {act}"
