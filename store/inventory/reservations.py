"""The promises behind a level's reserved units: one row an order line, moved on by its state."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Update, func, select, update

from store.database import db
from store.errors import ConflictError
from store.inventory.models import Reservation, ReservationState


class NotAllocatedError(ConflictError):
    """More units of an order line are to be shipped or given up than are allocated to it."""


def held_by(holder: int) -> dict[int, int]:
    """Return the units by variant that one cart has on hold while its reader pays."""
    rows = db.session.execute(
        select(Reservation.variant_id, func.sum(Reservation.quantity))
        .where(Reservation.holder == holder, Reservation.state == ReservationState.HELD)
        .group_by(Reservation.variant_id)
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


def split_off(order_line_id: int, quantity: int, after: ReservationState) -> int | None:
    """Move allocated units of a line to another state; return their variant, None if untracked."""
    allocated = (
        Reservation.order_line_id == order_line_id,
        Reservation.state == ReservationState.ALLOCATED,
    )
    whole = update(Reservation).where(*allocated, Reservation.quantity == quantity)
    variant_id = _variant_of(whole.values(state=after))
    if variant_id is not None:
        return variant_id
    part = update(Reservation).where(*allocated, Reservation.quantity > quantity)
    variant_id = _variant_of(part.values(quantity=Reservation.quantity - quantity))
    if variant_id is not None:
        rest = Reservation(variant_id=variant_id, order_line_id=order_line_id, quantity=quantity)
        rest.state = after
        db.session.add(rest)
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
