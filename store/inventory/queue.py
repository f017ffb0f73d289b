"""The rows of the queue for a last unit: who is next, who is paying, and when it is over.

Nothing here changes a level: store.inventory.stock calls it while it holds the level's row, so that
no unit is free for a moment between one reader and the next.
"""

from collections.abc import Collection

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from store.database import db
from store.inventory.models import (
    IS_HELD,
    QueuePlace,
    QueueState,
    Reservation,
    ReservationState,
    StockLevel,
)

ALIVE = (QueueState.WAITING, QueueState.CALLED, QueueState.PAYING)


def call_next(variant_id: int, units: int) -> int:
    """Call the first of those who wait, at most one for each unit; return how many were called.

    Who came back from the pay page without paying stands where she stood before.
    """
    came_back = and_(QueuePlace.state == QueueState.PAYING, ~_holds_a_unit())
    first = (
        select(QueuePlace.id)
        .where(
            QueuePlace.variant_id == variant_id,
            or_(QueuePlace.state == QueueState.WAITING, came_back),
        )
        .order_by(QueuePlace.id)
        .limit(units)
    )
    called = db.session.scalars(
        update(QueuePlace)
        .where(QueuePlace.id.in_(db.session.scalars(first).all()))
        .values(state=QueueState.CALLED)
        .returning(QueuePlace.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(called)


def is_called(variant_id: int, cart_id: int) -> bool:
    found = select(QueuePlace.id).where(_is_own(variant_id, cart_id), _is_called())
    return db.session.scalar(found) is not None


def start_paying(variant_id: int, cart_id: int) -> bool:
    """Turn a called place into one that pays; its unit is the caller's to promise."""
    moved = db.session.scalar(
        update(QueuePlace)
        .where(_is_own(variant_id, cart_id), _is_called())
        .values(state=QueueState.PAYING)
        .returning(QueuePlace.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def end_paid_places(order_line_ids: Collection[int]) -> None:
    """Let the places go whose orders were paid."""
    paid = exists().where(
        Reservation.order_line_id.in_(order_line_ids),
        Reservation.variant_id == QueuePlace.variant_id,
        Reservation.holder == QueuePlace.cart_id,
    )
    db.session.execute(
        delete(QueuePlace)
        .where(QueuePlace.state == QueueState.PAYING, paid)
        .execution_options(synchronize_session=False)
    )


def end_waiting(variant_id: int) -> None:
    """Tell the rows of those who still wait that the last unit is sold."""
    db.session.execute(
        update(QueuePlace)
        .where(QueuePlace.variant_id == variant_id, QueuePlace.state == QueueState.WAITING)
        .values(state=QueueState.SOLD)
        .execution_options(synchronize_session=False)
    )


def waited_for(variant_ids: Collection[int] | None = None) -> list[int]:
    """Return for which of these variants, or of all, somebody waits."""
    waited = select(QueuePlace.variant_id).where(QueuePlace.state == QueueState.WAITING)
    if variant_ids is not None:
        waited = waited.where(QueuePlace.variant_id.in_(variant_ids))
    return sorted(db.session.scalars(waited.distinct()))


def may_come_back(variant_id: int) -> bool:
    """Say whether a unit is held by somebody who may still let it go."""
    return bool(db.session.scalar(select(is_held(literal(variant_id)))))


def held_among(variant_ids: Collection[int]) -> frozenset[int]:
    """Return those of these variants of which a unit may come back."""
    level = select(StockLevel.variant_id).where(
        StockLevel.variant_id.in_(variant_ids), is_held(StockLevel.variant_id)
    )
    return frozenset(db.session.scalars(level))


def called_units(variant_id: int | SQLColumnExpression[int]) -> ColumnElement[int]:
    """Return how many units are kept for places that were called: one for each."""
    return (
        select(func.count())
        .where(QueuePlace.variant_id == variant_id, _is_called())
        .correlate(StockLevel)
        .scalar_subquery()
    )


def is_held(variant_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Say in a statement what may_come_back says of one variant."""
    # In words, and not as a parameter: beside an index of the same words SQLite would plan the
    # whole statement anew each time that it is asked.
    held = exists().where(Reservation.variant_id == variant_id, text(f"reservation.{IS_HELD}"))
    return or_(held, exists().where(QueuePlace.variant_id == variant_id, _is_called()))


def _is_called() -> ColumnElement[bool]:
    return QueuePlace.state == QueueState.CALLED


def _is_own(variant_id: int, cart_id: int) -> ColumnElement[bool]:
    return and_(QueuePlace.variant_id == variant_id, QueuePlace.cart_id == cart_id)


def _holds_a_unit() -> ColumnElement[bool]:
    return exists().where(
        Reservation.variant_id == QueuePlace.variant_id,
        Reservation.holder == QueuePlace.cart_id,
        Reservation.state == ReservationState.HELD,
    )
