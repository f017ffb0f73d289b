"""Mails that the outside refused for good: counted, named, tried again or forgotten."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, TextClause, delete, func, select, text, update

from store.clock import Clock
from store.database import db
from store.jobs.outbox import enqueue
from store.mail.models import WAS_REFUSED, Message, MessageAttachment
from store.mail.outgoing import SendMail


def refused_mails(limit: int) -> Sequence[Message]:
    """Return refused mails, the last one on top."""
    return db.session.scalars(
        select(Message)
        .where(*_is_refused())
        .order_by(Message.refused_at.desc(), Message.id.desc())
        .limit(limit)
    ).all()


def refused_count() -> int:
    return db.session.scalars(select(func.count()).select_from(Message).where(*_is_refused())).one()


def send_again(row_id: int, clock: Clock) -> str | None:
    """Have a refused mail sent once more, as the same message; return its kind. Flushes only."""
    kind = db.session.scalar(
        update(Message)
        .where(Message.id == row_id, *_is_refused())
        # One that was taken and came back would count as sent.
        .values(refused_at=None, refusal="", sent_at=None)
        .returning(Message.kind)
    )
    if kind is not None:
        enqueue(SendMail(row_id), clock)
    return kind


def forget_refused(row_id: int) -> str | None:
    """Empty a refused mail as old ones are emptied; return its kind. Flushes only."""
    kind = db.session.scalar(
        update(Message)
        .where(Message.id == row_id, *_is_refused())
        .values(recipient="", reply_to="", text="", html="", headers={})
        .returning(Message.kind)
    )
    if kind is not None:
        db.session.execute(delete(MessageAttachment).where(MessageAttachment.message_id == row_id))
    return kind


def _is_refused() -> tuple[ColumnElement[bool] | TextClause, ...]:
    # What was forgotten has no recipient any more.
    return text(WAS_REFUSED), Message.recipient != ""
