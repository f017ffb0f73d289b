"""Lets one of many workers run a sweep, and shows which workers live: leases with an end."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from store.clock import Clock
from store.database import db, writing
from store.jobs.models import Lease

WORKER = "worker:"


def take_lease(name: str, holder: str, length: timedelta, clock: Clock) -> bool:
    """Take or renew the lease; False means another worker holds it, or its time has not come."""
    now = clock.now()
    if not _may_take(name, holder, now):
        return False
    with writing():
        taken = db.session.scalar(
            update(Lease)
            .where(Lease.name == name, or_(Lease.until <= now, Lease.holder == holder))
            .values(holder=holder, until=now + length)
            .returning(Lease.name)
        )
    return taken is not None


def end_turn(name: str, holder: str, next_at: datetime) -> None:
    """Give the lease back; nobody takes it before the next turn is due."""
    with writing():
        db.session.execute(
            update(Lease)
            .where(Lease.name == name, Lease.holder == holder)
            .values(holder="", until=next_at)
        )


def is_held(name: str, clock: Clock) -> bool:
    """Say whether anybody holds it at this moment, as the newest commit has it."""
    held = select(Lease.name).where(
        Lease.name == name, Lease.holder != "", Lease.until > clock.now()
    )
    return db.session.scalar(held) is not None


def show_life(holder: str, length: timedelta, clock: Clock) -> None:
    """Say that this worker lives, for at least this long."""
    take_lease(WORKER + holder, holder, length, clock)


def end_life(holder: str) -> None:
    with writing():
        db.session.execute(delete(Lease).where(Lease.name == WORKER + holder))


def living_workers(clock: Clock) -> int:
    """Return how many workers have shown life lately: what a health page wants to know."""
    alive = select(func.count()).where(Lease.name.startswith(WORKER), Lease.until > clock.now())
    return db.session.scalar(alive) or 0


def forget_dead_workers(clock: Clock) -> None:
    dead = Lease.until < clock.now() - timedelta(days=1)
    with writing():
        db.session.execute(delete(Lease).where(Lease.name.startswith(WORKER), dead))


def _may_take(name: str, holder: str, now: datetime) -> bool:
    """Look before writing: most of the time a lease is not due, and a look locks nothing."""
    db.session.rollback()
    lease = db.session.execute(
        select(Lease.holder, Lease.until).where(Lease.name == name)
    ).one_or_none()
    if lease is None:
        _make_row(name, now)
        return True
    return bool(lease.holder == holder or lease.until <= now)


def _make_row(name: str, now: datetime) -> None:
    try:
        with writing():
            db.session.add(Lease(name=name, holder="", until=now))
    except IntegrityError:
        # Another worker made the row just now; the statement that follows decides between us.
        return
