"""Jobs that cannot be lost: written with the change that causes them, claimed, run, recorded."""

import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, TextClause, delete, func, or_, select, text, update
from sqlalchemy.orm import Session, load_only

from store import reporting, tracing
from store.clock import Clock
from store.database import db, writing
from store.jobs.models import HAS_FAILED, OutboxRow
from store.jobs.queue import Handler, Job

CLAIM = timedelta(minutes=2)
"""How long a job is safe from other workers; a living worker prolongs what it is running."""
MAX_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=6)
KEPT = timedelta(days=14)
HINTS = "store_outbox_hints"
SHOWN_OF_A_JOB = (
    OutboxRow.kind,
    OutboxRow.due_at,
    OutboxRow.claimed_until,
    OutboxRow.attempts,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker may run; the attempt's number tells its record from a later one's."""

    row_id: int
    kind: str
    payload: dict[str, object]
    attempt: int
    caused_by: str


def enqueue(job: Job, clock: Clock, *, delay: timedelta = timedelta()) -> OutboxRow:
    """Add the job to the open transaction; a worker is told after the commit."""
    now = clock.now()
    row = OutboxRow(
        kind=job.kind,
        payload=job.payload(),
        created_at=now,
        due_at=now + delay,
        caused_by=tracing.traceparent(),
    )
    db.session.add(row)
    db.session.flush()
    if not delay:
        db.session().info.setdefault(HINTS, []).append(row.id)
    return row


def is_under_way(job: Job) -> bool:
    """Say whether this very job waits or runs; one whose attempts are used up does neither."""
    payloads = db.session.scalars(
        select(OutboxRow.payload).where(
            OutboxRow.kind == job.kind, OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None)
        )
    )
    return job.payload() in payloads.all()


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
    claim = _claim(row_id, clock.now())
    if claim is None:
        return False
    try:
        with tracing.job_span(f"job {claim.kind}", {"store.job": claim.kind}, claim.caused_by):
            handlers[claim.kind](claim.payload)
    except Exception as error:  # noqa: BLE001 - the worker's edge: the row keeps what went wrong
        db.session.rollback()
        log.warning(
            "job_failed",
            kind=claim.kind,
            row=row_id,
            attempts=claim.attempt,
            error=type(error).__name__,
        )
        reporting.tell(error, job=claim.kind)
        _record(claim, **_failure(claim.attempt, traceback.format_exc(limit=8), clock.now()))
        return False
    # What a handler left unwritten was not meant to be written.
    db.session.rollback()
    # Nobody runs it again, and what it was given may name a person.
    _record(claim, done_at=clock.now(), error="", payload={})
    return True


def prolong_claims(row_ids: Collection[int], clock: Clock) -> None:
    """Keep other workers off jobs that take longer than a claim."""
    if not row_ids:
        return
    with writing():
        db.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(row_ids), OutboxRow.claimed_until.is_not(None))
            .values(claimed_until=clock.now() + CLAIM)
        )


def try_again(row_id: int, clock: Clock) -> str | None:
    """Give a job that used up its attempts as many again; return its kind. Flushes only."""
    kind = db.session.scalar(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, *_has_failed())
        .values(failed_at=None, attempts=0, due_at=clock.now())
        .returning(OutboxRow.kind)
    )
    if kind is not None:
        db.session().info.setdefault(HINTS, []).append(row_id)
    return kind


def put_aside(row_id: int, clock: Clock) -> str | None:
    """Let a job rest that used up its attempts; return its kind. Flushes only."""
    return db.session.scalar(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, *_has_failed())
        .values(done_at=clock.now())
        .returning(OutboxRow.kind)
    )


def failed_jobs(limit: int) -> Sequence[OutboxRow]:
    """Return jobs that used up their attempts, the last one on top."""
    return db.session.scalars(
        select(OutboxRow)
        .where(*_has_failed())
        .order_by(OutboxRow.failed_at.desc(), OutboxRow.id.desc())
        .limit(limit)
    ).all()


def longest_due(now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Return jobs that are due and not done, whether or not somebody has begun, oldest on top."""
    return db.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None), OutboxRow.due_at <= now)
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        # What a job is given may name a person, and is nothing to look at.
        .options(load_only(*SHOWN_OF_A_JOB, raiseload=True))
    ).all()


def failed_count() -> int:
    return db.session.scalars(
        select(func.count()).select_from(OutboxRow).where(*_has_failed())
    ).one()


def forget_done_rows(clock: Clock) -> None:
    """Delete jobs that were done long ago; those that failed stay until somebody looks."""
    with writing():
        db.session.execute(delete(OutboxRow).where(OutboxRow.done_at < clock.now() - KEPT))


def _claimable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until < now)
    return OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None), OutboxRow.due_at <= now, free


def _has_failed() -> tuple[ColumnElement[bool] | TextClause, ...]:
    return text(HAS_FAILED), OutboxRow.done_at.is_(None)


def _claim(row_id: int, now: datetime) -> Claim | None:
    with writing():
        row = db.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row_id, *_claimable(now))
            .values(claimed_until=now + CLAIM, attempts=OutboxRow.attempts + 1)
            .returning(OutboxRow.kind, OutboxRow.payload, OutboxRow.attempts, OutboxRow.caused_by)
        ).one_or_none()
        if row is None:
            return None
        return Claim(row_id, row.kind, row.payload, row.attempts, row.caused_by)


def _failure(attempt: int, error: str, now: datetime) -> dict[str, object]:
    wait = min(timedelta(seconds=15 * 2**attempt), LONGEST_WAIT)
    last = {"failed_at": now} if attempt >= MAX_ATTEMPTS else {}
    return {"due_at": now + wait, "error": error[-4000:], **last}


def _record(claim: Claim, **outcome: object) -> None:
    """Write what became of the attempt, unless a later attempt has taken over meanwhile."""
    mine = (OutboxRow.id == claim.row_id, OutboxRow.attempts == claim.attempt)
    with writing():
        db.session.execute(update(OutboxRow).where(*mine).values(claimed_until=None, **outcome))
