"""The promises behind a level's reserved units: one row an order line, moved on by its state."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Update, select, update

from store.database import db
from store.errors import ConflictError
from store.inventory.models import Reservation, ReservationState


class NotAllocatedError(ConflictError):
    """A parcel names more units of an order line than are allocated to it."""


def add_hold(
    variant_id: int, quantity: int, order_line_id: int, expires_at: datetime | None
) -> None:
    db.session.add(
        Reservation(
            variant_id=variant_id,
            order_line_id=order_line_id,
            quantity=quantity,
            state=ReservationState.HELD,
            expires_at=expires_at,
        )
    )


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


def mark_shipped(order_line_id: int, quantity: int) -> int | None:
    """Mark allocated units of a line as shipped; return their variant, None if it is untracked."""
    allocated = (
        Reservation.order_line_id == order_line_id,
        Reservation.state == ReservationState.ALLOCATED,
    )
    whole = update(Reservation).where(*allocated, Reservation.quantity == quantity)
    variant_id = _variant_of(whole.values(state=ReservationState.SHIPPED))
    if variant_id is not None:
        return variant_id
    part = update(Reservation).where(*allocated, Reservation.quantity > quantity)
    variant_id = _variant_of(part.values(quantity=Reservation.quantity - quantity))
    if variant_id is not None:
        db.session.add(
            Reservation(
                variant_id=variant_id,
                order_line_id=order_line_id,
                quantity=quantity,
                state=ReservationState.SHIPPED,
            )
        )
    elif _has_any(order_line_id):
        raise NotAllocatedError(f"order line {order_line_id}: {quantity} are not allocated")
    return variant_id


def is_promised() -> ColumnElement[bool]:
    return Reservation.state.in_((ReservationState.HELD, ReservationState.ALLOCATED))


def promised_lines(variant_id: int) -> list[int]:
    """Return the order lines that wait for units of this variant, oldest promise first."""
    rows = select(Reservation.order_line_id).where(
        Reservation.variant_id == variant_id, is_promised()
    )
    return list(db.session.scalars(rows.order_by(Reservation.id)))


def _variant_of(statement: Update) -> int | None:
    changed: int | None = db.session.execute(
        statement.returning(Reservation.variant_id).execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return changed


def _has_any(order_line_id: int) -> bool:
    rows = select(Reservation.id).where(Reservation.order_line_id == order_line_id)
    return db.session.scalars(rows.limit(1)).one_or_none() is not None
