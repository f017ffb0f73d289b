"""Which browsers are signed in: a row each, so that its owner can see it and end it."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum, auto
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, select, true, update

from store.clock import Clock
from store.database import db
from store.staff.models import StaffSession

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly a session's last use is written down: a page must not cost a write."""
FRESH = timedelta(minutes=10)
"""How long what a person proved speaks for dangerous acts."""
REMEMBERED = timedelta(days=90)
LONGEST_NAME = 200


class Proof(StrEnum):
    """What a person showed to be who she is."""

    PASSWORD = auto()
    FACTOR = auto()


def begin_session(user_id: int, browser: str, clock: Clock, *, proof: Proof | None = None) -> str:
    """Return the token of a new session; only its hash is kept. Flushes only."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    _forget_old(user_id, now)
    db.session.add(
        StaffSession(
            user_id=user_id,
            token_hash=hash_of(token),
            browser=browser[:LONGEST_NAME],
            created_at=now,
            seen_at=now,
            password_at=now if proof is Proof.PASSWORD else None,
            factor_at=now if proof is Proof.FACTOR else None,
        )
    )
    db.session.flush()
    return token


def live_session(user_id: int, token: str, clock: Clock) -> StaffSession | None:
    """Return the session if it was not ended, is not too old and was used lately."""
    now = clock.now()
    return db.session.scalar(
        select(StaffSession).where(
            StaffSession.token_hash == hash_of(token),
            StaffSession.user_id == user_id,
            *_is_live(now),
        )
    )


def owner_of(token: str) -> int | None:
    """Return whose session this is or was."""
    return db.session.scalar(
        select(StaffSession.user_id).where(StaffSession.token_hash == hash_of(token))
    )


def sessions_of(user_id: int, clock: Clock) -> Sequence[StaffSession]:
    """Return a person's live sessions, the last used first."""
    return db.session.scalars(
        select(StaffSession)
        .where(StaffSession.user_id == user_id, *_is_live(clock.now()))
        .order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())
    ).all()


def wants_sight(session: StaffSession, clock: Clock) -> bool:
    return clock.now() - session.seen_at >= SEEN_EVERY


def see(session_id: int, clock: Clock) -> None:
    """Write down that a session was used just now; flushes only."""
    db.session.execute(
        update(StaffSession).where(StaffSession.id == session_id).values(seen_at=clock.now())
    )


def end_session(session_id: int, user_id: int, clock: Clock) -> bool:
    """End one session of this person; return whether there was one. Flushes only."""
    ended = db.session.scalar(
        update(StaffSession)
        .where(
            StaffSession.id == session_id,
            StaffSession.user_id == user_id,
            StaffSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(StaffSession.id)
    )
    return ended is not None


def end_sessions(user_id: int, clock: Clock, *, but: int | None = None) -> None:
    """End every session of a person, or every other one; flushes only."""
    db.session.execute(
        update(StaffSession)
        .where(
            StaffSession.user_id == user_id,
            StaffSession.ended_at.is_(None),
            StaffSession.id != but if but is not None else true(),
        )
        .values(ended_at=clock.now())
    )


def prove(session_id: int, proof: Proof, clock: Clock) -> None:
    """Write down what a person showed just now; flushes only."""
    shown = StaffSession.factor_at if proof is Proof.FACTOR else StaffSession.password_at
    db.session.execute(
        update(StaffSession).where(StaffSession.id == session_id).values({shown: clock.now()})
    )


def forget_factors(user_id: int) -> None:
    """Count no factor as shown in any browser of a person who has none any more; flushes only."""
    db.session.execute(
        update(StaffSession).where(StaffSession.user_id == user_id).values(factor_at=None)
    )


def is_fresh(session: StaffSession, proof: Proof, clock: Clock) -> bool:
    """Whether this was shown here within ten minutes."""
    shown = session.factor_at if proof is Proof.FACTOR else session.password_at
    return shown is not None and clock.now() - shown < FRESH


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _forget_old(user_id: int, now: datetime) -> None:
    db.session.execute(
        delete(StaffSession)
        .where(StaffSession.user_id == user_id, StaffSession.seen_at < now - REMEMBERED)
        .execution_options(synchronize_session=False)
    )


def _is_live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > now - IDLE,
        StaffSession.created_at > now - LONGEST,
    )
