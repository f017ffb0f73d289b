"""The promises behind a level's reserved units: one row an order line, moved on by its state."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, literal, select, union_all, update

from store.database import db
from store.errors import ConflictError
from store.inventory.models import QueuePlace, QueueState, Reservation, ReservationState


class NotAllocatedError(ConflictError):
    """More units of an order line are to be shipped or given up than are allocated to it."""


def held_by(holder: int) -> dict[int, int]:
    """Return the units by variant that are kept for one cart.

    They are on hold while its reader pays, or it was called from the queue.
    """
    held = select(Reservation.variant_id, Reservation.quantity.label("units")).where(
        Reservation.holder == holder, Reservation.state == ReservationState.HELD
    )
    called = select(QueuePlace.variant_id, literal(1).label("units")).where(
        QueuePlace.cart_id == holder, QueuePlace.state == QueueState.CALLED
    )
    both = union_all(held, called).subquery()
    rows = db.session.execute(
        select(both.c.variant_id, func.sum(both.c.units)).group_by(both.c.variant_id)
    )
    return {variant_id: int(units) for variant_id, units in rows}


def move_on(
    order_line_ids: Collection[int], before: ReservationState, after: ReservationState
) -> list[tuple[int, int, int]]:
    """Change the state where it still is the one before; return variant, quantity, order line.

    Sorted by variant: whoever changes levels next does so in the order that all others keep.
    """
    rows = db.session.execute(
        update(Reservation)
        .where(Reservation.order_line_id.in_(order_line_ids), Reservation.state == before)
        .values(state=after, expires_at=None)
        .returning(Reservation.variant_id, Reservation.quantity, Reservation.order_line_id)
        .execution_options(synchronize_session=False)
    )
    return sorted((variant, units, line) for variant, units, line in rows)


def split_off(
    order_line_id: int,
    quantity: int,
    after: ReservationState,
    *,
    before: ReservationState = ReservationState.ALLOCATED,
) -> int | None:
    """Move units of a line from one state to another; return their variant, None if untracked.

    What was split off and came back stands in rows of its own: as many are taken as it needs.
    """
    rows = db.session.scalars(
        select(Reservation)
        .where(Reservation.order_line_id == order_line_id, Reservation.state == before)
        .order_by(Reservation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if sum(row.quantity for row in rows) < quantity:
        if rows or _has_any(order_line_id):
            raise NotAllocatedError(f"order line {order_line_id}: {quantity} are not {before}")
        return None
    for row in rows:
        taken = min(quantity, row.quantity)
        if taken:
            _move(row, taken, after)
            quantity -= taken
    db.session.flush()
    return rows[0].variant_id


def _move(row: Reservation, taken: int, after: ReservationState) -> None:
    if taken == row.quantity:
        row.state, row.expires_at = after, None
        return
    row.quantity -= taken
    rest = Reservation(
        variant_id=row.variant_id, order_line_id=row.order_line_id, quantity=taken, state=after
    )
    db.session.add(rest)


def is_promised() -> ColumnElement[bool]:
    return Reservation.state.in_((ReservationState.HELD, ReservationState.ALLOCATED))


def promised_lines(variant_id: int) -> list[int]:
    """Return the order lines that wait for units of this variant, oldest promise first."""
    rows = select(Reservation.order_line_id).where(
        Reservation.variant_id == variant_id, is_promised()
    )
    return list(db.session.scalars(rows.order_by(Reservation.id)))


def _has_any(order_line_id: int) -> bool:
    rows = select(Reservation.id).where(Reservation.order_line_id == order_line_id)
    return db.session.scalars(rows.limit(1)).one_or_none() is not None
