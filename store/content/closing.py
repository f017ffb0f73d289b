"""Closes the shop for a while: readers look around and fill carts, and nobody pays."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select, update

from store.clock import Clock
from store.content.models import ShopClosure
from store.database import bump_public_version, db, insert_into
from store.errors import ConflictError
from store.jobs.outbox import enqueue
from store.jobs.queue import Job


class ShopClosedError(ConflictError):
    """Nothing can be bought now; until is empty where nobody knows yet."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__("the shop is closed")
        self.until = until


@dataclass(frozen=True, slots=True)
class Closure:
    until: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class OpenShop(Job):
    """Ends the closure that was made at this moment, and no later one."""

    kind: ClassVar[str] = "content.open_shop"

    changed_at: str


def closure(now: datetime) -> Closure | None:
    """Return why nothing can be bought at this moment, or None."""
    row = db.session.execute(
        select(ShopClosure.until, ShopClosure.words).where(ShopClosure.is_closed)
    ).one_or_none()
    if row is None or (row.until is not None and row.until <= now):
        return None
    return Closure(row.until, row.words)


def close_shop(until: datetime | None, words: str, clock: Clock) -> None:
    """Close until then, or until somebody opens; flushes only."""
    now = clock.now()
    _write(clock, is_closed=True, until=until, words=words)
    if until is not None:
        enqueue(OpenShop(now.isoformat()), clock, delay=max(until - now, now - now))


def open_shop(clock: Clock) -> None:
    """Sell again from now on; flushes only."""
    _write(clock, is_closed=False, until=None, words="")


def open_as_planned(changed_at: datetime, clock: Clock) -> None:
    """Open what was closed at this moment, unless somebody has changed it since. Flushes only."""
    opened = db.session.scalar(
        update(ShopClosure)
        .where(ShopClosure.is_closed, ShopClosure.changed_at == changed_at)
        .values(is_closed=False, until=None, words="", changed_at=clock.now())
        .returning(ShopClosure.id)
    )
    if opened is not None:
        bump_public_version()


def _write(clock: Clock, **values: object) -> None:
    written = {**values, "changed_at": clock.now()}
    db.session.execute(
        insert_into(ShopClosure)
        .values(id=1, **written)
        .on_conflict_do_update(index_elements=[ShopClosure.id], set_=written)
        .execution_options(synchronize_session=False)
    )
    bump_public_version()
