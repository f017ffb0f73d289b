"""Lets one of many workers run a sweep: a lease is taken in one conditional statement."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from store.clock import Clock
from store.database import db, writing
from store.jobs.models import Lease


def take_lease(name: str, holder: str, length: timedelta, clock: Clock) -> bool:
    """Take or renew the lease; False means another worker holds it."""
    try:
        with writing():
            _ensure_row(name, clock)
    except IntegrityError:
        # Two workers made the row at once: it exists now, and the statement below decides.
        db.session.rollback()
    now = clock.now()
    with writing():
        taken = db.session.scalar(
            update(Lease)
            .where(Lease.name == name, (Lease.until <= now) | (Lease.holder == holder))
            .values(holder=holder, until=now + length)
            .returning(Lease.name)
        )
    return taken is not None


def _ensure_row(name: str, clock: Clock) -> None:
    if db.session.scalar(select(Lease.name).where(Lease.name == name)) is None:
        db.session.add(Lease(name=name, holder="", until=clock.now()))
        db.session.flush()
