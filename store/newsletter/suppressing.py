"""Who is not written to, asked in one place: by whatever is sent to many, just before it goes.

Mails about an order ask nobody: whoever buys is told what becomes of it.
"""

from sqlalchemy import exists, select

from store.clock import Clock
from store.database import db
from store.keyed import email_hash_of
from store.newsletter.models import Suppression, SuppressionReason
from store.newsletter.subscribing import reason_to_stay_silent, suppress
from store.settings import Settings

ROOMS = frozenset({"newsletter", "back_in_stock", "last_unit", "left_carts"})
"""Rooms that write to readers of their own accord: what they sent is told by a mail's kind."""


class ReaderManners:
    """What the mail room asks before a mail goes that nobody bought anything by."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def is_to_many(self, kind: str) -> bool:
        """Say whether a mail of this kind waits while its domain is left alone."""
        return kind.partition(".")[0] in ROOMS

    def may_send(self, kind: str, recipient: str) -> bool:
        """Say whether this mail may go now; who is suppressed since it was written gets none."""
        if not self.is_to_many(kind):
            return True
        return reason_to_stay_silent(email_hash_of(recipient, self._settings)) is None

    def note_unknown(self, recipient: str) -> None:
        """Never write to an address again that nobody has; flushes only."""
        suppress_bounced(recipient, self._settings, self._clock)


def suppress_bounced(email: str, settings: Settings, clock: Clock) -> None:
    """Note that nobody has this address; flushes only."""
    suppress(email_hash_of(email, settings), SuppressionReason.BOUNCED, clock)


def is_suppressed(email: str, settings: Settings) -> bool:
    """Say whether no campaign may be written here, for whatever reason it was noted."""
    noted = exists().where(Suppression.email_hash == email_hash_of(email, settings))
    return bool(db.session.scalar(select(noted)))
