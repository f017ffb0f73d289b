"""Forgets what nobody needs any more: orders that were never paid, and who asked for links."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from store.clock import Clock
from store.database import Model, db, writing
from store.gift_cards.models import GiftCardUse
from store.inventory.models import Reservation, ReservationState
from store.orders.models import (
    Order,
    OrderEvent,
    OrderLine,
    OrderLookup,
    OrderState,
    Payment,
    Readdressing,
)
from store.pricing.models import Redemption

UNPAID_KEPT = timedelta(days=30)
LOOKUPS_KEPT = timedelta(days=2)
AT_ONCE = 200


def forget_unpaid(clock: Clock) -> int:
    """Delete a batch of orders that ended without money long ago; return how many they were.

    Opens a transaction of its own.
    """
    with writing():
        orders = _forgettable(clock)
        lines = select(OrderLine.id).where(OrderLine.order_id.in_(orders)).scalar_subquery()
        _delete(
            Reservation,
            Reservation.order_line_id.in_(lines),
            Reservation.state == ReservationState.RELEASED,
        )
        _delete(OrderLine, OrderLine.order_id.in_(orders))
        _delete(OrderEvent, OrderEvent.order_id.in_(orders))
        _delete(Redemption, Redemption.order_id.in_(orders))
        _delete(GiftCardUse, GiftCardUse.order_id.in_(orders))
        _delete(Readdressing, Readdressing.order_id.in_(orders))
        _delete(Order, Order.id.in_(orders))
    return len(orders)


def forget_lookups(clock: Clock) -> None:
    """Delete what no limit counts any more; opens a transaction of its own."""
    with writing():
        _delete(OrderLookup, OrderLookup.at < clock.now() - LOOKUPS_KEPT)


def _forgettable(clock: Clock) -> list[int]:
    return list(
        db.session.scalars(
            select(Order.id)
            .outerjoin(Payment)
            .where(
                Order.state.in_((OrderState.EXPIRED, OrderState.CANCELLED)),
                Order.updated_at < clock.now() - UNPAID_KEPT,
                Payment.id.is_(None),
            )
            .limit(AT_ONCE)
        )
    )


def _delete(model: type[Model], *which: ColumnElement[bool]) -> None:
    db.session.execute(delete(model).where(*which).execution_options(synchronize_session=False))
