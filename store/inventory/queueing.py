"""Waiting in line for a last unit that somebody is paying for: in order, one place for each cart.

Whoever changes a place locks the level of its variant first, as whoever changes the level does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.inventory import stock
from store.inventory.models import (
    QueuePlace,
    QueueState,
    Reservation,
    ReservationState,
)
from store.inventory.queue import ALIVE, may_come_back

KEPT = timedelta(days=2)
"""How long a reader finds out how it ended."""
LONGEST_WAIT = timedelta(days=14)
"""Longer than any bank takes: what still waits then waits for nothing."""


class NothingToWaitForError(ConflictError):
    """There is no queue for this: it can be bought, or is sold for good."""

    def __init__(self, variant_id: int, *, is_for_sale: bool) -> None:
        super().__init__(f"nobody queues for variant {variant_id}")
        self.is_for_sale = is_for_sale


class QueueFullError(ConflictError):
    """As many wait as have any hope."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A unit that somebody else has just now, and until when at the latest she may pay for it.

    until is None where a bank decides it, or nobody has told her yet.
    """

    until: datetime | None
    claim_until: datetime | None = None
    """Until when she could come back to it, where she came from the queue herself."""
    is_paying: bool = True


def join(variant_id: int, cart_id: int, *, most: int, clock: Clock) -> QueuePlace:
    """Return the cart's place, at the end of the queue if it has none yet.

    Raises NothingToWaitForError and QueueFullError.
    """
    level = stock.lock(variant_id)
    place = place_of(variant_id, cart_id)
    if place is not None and place.state in ALIVE:
        return place
    is_for_sale = level is None or level.sellable != 0
    if is_for_sale or not may_come_back(variant_id):
        raise NothingToWaitForError(variant_id, is_for_sale=is_for_sale)
    if length(variant_id) >= most:
        raise QueueFullError(f"{most} wait for variant {variant_id}")
    if place is not None:
        db.session.delete(place)
        db.session.flush()
    place = QueuePlace(variant_id=variant_id, cart_id=cart_id, joined_at=clock.now())
    db.session.add(place)
    db.session.flush()
    return place


def leave(place_id: int) -> None:
    """Give a place up; the unit that was kept for it goes to the next."""
    variant_id = db.session.scalar(select(QueuePlace.variant_id).where(QueuePlace.id == place_id))
    if variant_id is None:
        return
    stock.lock(variant_id)
    left = db.session.scalar(
        delete(QueuePlace)
        .where(QueuePlace.id == place_id)
        .returning(QueuePlace.state)
        .execution_options(synchronize_session=False)
    )
    if left == QueueState.CALLED:
        stock.return_called(variant_id)


def move_to(place: QueuePlace, cart_id: int) -> None:
    """Give a place that was called to another cart of its reader, in place of one it had there."""
    stock.lock(place.variant_id)
    other = place_of(place.variant_id, cart_id)
    if other is not None and other.id != place.id:
        if other.state in {QueueState.CALLED, QueueState.PAYING}:
            return
        db.session.delete(other)
        db.session.flush()
    place.cart_id = cart_id
    db.session.flush()


def overdue(clock: Clock) -> Sequence[int]:
    """Return the places that were called and did not come."""
    late = QueuePlace.claim_until <= clock.now()
    return db.session.scalars(
        select(QueuePlace.id).where(QueuePlace.state == QueueState.CALLED, late)
    ).all()


def pass_on(place_id: int, clock: Clock) -> bool:
    """Call the next in line in the place of one whose time is over; say whether it was."""
    variant_id = db.session.scalar(select(QueuePlace.variant_id).where(QueuePlace.id == place_id))
    if variant_id is None:
        return False
    stock.lock(variant_id)
    missed = db.session.scalar(
        update(QueuePlace)
        .where(
            QueuePlace.id == place_id,
            QueuePlace.state == QueueState.CALLED,
            QueuePlace.claim_until <= clock.now(),
        )
        .values(state=QueueState.MISSED, ended_at=clock.now())
        .returning(QueuePlace.id)
        .execution_options(synchronize_session=False)
    )
    if missed is None:
        return False
    stock.return_called(variant_id)
    return True


def place_of(variant_id: int, cart_id: int) -> QueuePlace | None:
    """Return the cart's place, also one that has ended lately."""
    own = select(QueuePlace).where(
        QueuePlace.variant_id == variant_id, QueuePlace.cart_id == cart_id
    )
    return db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()


def places_of(cart_id: int) -> Sequence[QueuePlace]:
    own = select(QueuePlace).where(QueuePlace.cart_id == cart_id).order_by(QueuePlace.id)
    return db.session.scalars(own.execution_options(populate_existing=True)).all()


def length(variant_id: int) -> int:
    """Return how many wait or were called."""
    alive = select(func.count()).where(
        QueuePlace.variant_id == variant_id,
        QueuePlace.state.in_((QueueState.WAITING, QueueState.CALLED)),
    )
    return db.session.scalar(alive) or 0


def position(place: QueuePlace) -> int:
    """Return how many of those who wait come first, this one among them."""
    before = select(func.count()).where(
        QueuePlace.variant_id == place.variant_id,
        QueuePlace.state == QueueState.WAITING,
        QueuePlace.id <= place.id,
    )
    return db.session.scalar(before) or 0


def busy_units(variant_id: int) -> Sequence[Busy]:
    """Return every unit that may still come back, with what is known of when."""
    place = QueuePlace.claim_until
    held = db.session.execute(
        select(Reservation.expires_at, Reservation.quantity, place)
        .join(
            QueuePlace,
            (QueuePlace.variant_id == Reservation.variant_id)
            & (QueuePlace.cart_id == Reservation.holder),
            isouter=True,
        )
        .where(Reservation.variant_id == variant_id, Reservation.state == ReservationState.HELD)
    )
    called = db.session.scalars(
        select(QueuePlace.claim_until).where(
            QueuePlace.variant_id == variant_id, QueuePlace.state == QueueState.CALLED
        )
    )
    paying = [Busy(until, claim) for until, units, claim in held for _ in range(units)]
    return [*paying, *(Busy(until, until, is_paying=False) for until in called)]


def forget_ended(clock: Clock) -> int:
    """Forget places that ended long ago, and those that wait for nothing; return how many."""
    now = clock.now()
    ended = QueuePlace.ended_at <= now - KEPT
    stale = (QueuePlace.state == QueueState.WAITING) & (QueuePlace.joined_at < now - LONGEST_WAIT)
    gone = delete(QueuePlace).where(ended | stale).returning(QueuePlace.id)
    return len(db.session.scalars(gone.execution_options(synchronize_session=False)).all())
