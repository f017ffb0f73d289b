"""Jobs that cannot be lost: written with the change that causes them, claimed, run, recorded."""

import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from store.clock import Clock
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.queue import Handler, Job

CLAIM = timedelta(minutes=5)
MAX_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=6)
HINTS = "store_outbox_hints"

log = structlog.get_logger(__name__)


def enqueue(job: Job, clock: Clock, *, delay: timedelta = timedelta()) -> OutboxRow:
    """Add the job to the open transaction; a worker is told after the commit."""
    now = clock.now()
    row = OutboxRow(kind=job.kind, payload=job.payload(), created_at=now, due_at=now + delay)
    db.session.add(row)
    db.session.flush()
    if not delay:
        db.session().info.setdefault(HINTS, []).append(row.id)
    return row


def take_hints(session: Session) -> list[int]:
    """Return and forget the rows that this session enqueued since it was last asked."""
    hints: list[int] = session.info.pop(HINTS, [])
    return hints


def due_row_ids(now: datetime, limit: int = 100) -> list[int]:
    """Return rows that wait, oldest first, with those whose worker died among them."""
    return list(
        db.session.scalars(
            select(OutboxRow.id).where(*_claimable(now)).order_by(OutboxRow.due_at).limit(limit)
        )
    )


def run_row(row_id: int, handlers: Mapping[str, Handler], clock: Clock) -> bool:
    """Run one job if it is still waiting; return whether this call ran it to its end."""
    claimed = _claim(row_id, clock.now())
    if claimed is None:
        return False
    kind, payload, attempts = claimed
    try:
        handlers[kind](payload)
    except Exception as error:  # noqa: BLE001 - the worker's edge: the row keeps what went wrong
        db.session.rollback()
        log.warning(
            "job_failed", kind=kind, row=row_id, attempts=attempts, error=type(error).__name__
        )
        _record_failure(row_id, attempts, traceback.format_exc(limit=8), clock.now())
        return False
    db.session.rollback()
    with writing():
        db.session.execute(
            update(OutboxRow).where(OutboxRow.id == row_id).values(done_at=clock.now(), error="")
        )
    return True


def _claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until < now)
    return OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None), OutboxRow.due_at <= now, free


def _claim(row_id: int, now: datetime) -> tuple[str, dict[str, object], int] | None:
    with writing():
        claimed = db.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row_id, *_claimable(now))
            .values(claimed_until=now + CLAIM, attempts=OutboxRow.attempts + 1)
            .returning(OutboxRow.kind, OutboxRow.payload, OutboxRow.attempts)
        ).one_or_none()
        return None if claimed is None else (claimed.kind, claimed.payload, claimed.attempts)


def _record_failure(row_id: int, attempts: int, error: str, now: datetime) -> None:
    wait = min(timedelta(seconds=15 * 2**attempts), LONGEST_WAIT)
    values: dict[str, object] = {
        "claimed_until": None,
        "due_at": now + wait,
        "error": error[-4000:],
    }
    if attempts >= MAX_ATTEMPTS:
        values["failed_at"] = now
    with writing():
        db.session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(**values))
