"""The signed links in mails about a place in the queue: one opens it, one gives it up."""

from store.clock import Clock
from store.database import db
from store.newsletter.signing import read_link, sign
from store.newsletter.tokens import TokenExpiredError
from store.settings import Settings
from store.waiting.last_unit.models import QueueReader


class PlaceEndedError(TokenExpiredError):
    """The link has the form of ours, and no place is behind it any more."""


def token_for(reader: QueueReader, act: str, settings: Settings, clock: Clock) -> str:
    return sign(reader.place_id, _purpose(act), reader.secret, settings, clock)


def reader_behind(token: str, act: str, settings: Settings) -> QueueReader:
    """Return whose place this link is for; raises NotFoundError, PlaceEndedError."""
    link = read_link(token)
    found = db.session.get(QueueReader, link.row_id, populate_existing=True)
    # A signature is reckoned for nothing too, so that both answers take the same time.
    is_ours = link.is_genuine(_purpose(act), found.secret if found else "", settings)
    if not is_ours or found is None:
        raise PlaceEndedError("no place waits behind this link")
    return found


def _purpose(act: str) -> str:
    return f"last unit {act}"
