"""Which browsers are signed in: a row each, so that its owner can see it and end it."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, select, update

from store.clock import Clock
from store.database import db
from store.staff.models import StaffSession

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly a session's last use is written down: a page must not cost a write."""
LONGEST_NAME = 200


def begin_session(user_id: int, browser: str, clock: Clock) -> str:
    """Return the token of a new session; only its hash is kept. Flushes only."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        StaffSession(
            user_id=user_id,
            token_hash=hash_of(token),
            browser=browser[:LONGEST_NAME],
            created_at=now,
            seen_at=now,
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


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _is_live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > now - IDLE,
        StaffSession.created_at > now - LONGEST,
    )
