"""A mail that the outside had taken and that came back all the same."""

from datetime import datetime

from sqlalchemy import update

from store.database import db
from store.mail.models import Message


def note_returned(message_id: str, words: str, at: datetime) -> str | None:
    """Count a mail among those that were refused, and return its kind; flushes only."""
    return db.session.scalar(
        update(Message)
        .where(Message.message_id == message_id, Message.refused_at.is_(None))
        .values(refused_at=at, refusal=words[:400])
        .returning(Message.kind)
    )
