"""Calls off what was put off: its reader decides until it leaves, and it costs her nothing."""

from sqlalchemy import select

from store.database import db
from store.orders.ahead.models import SoldAhead
from store.orders.models import Order, OrderLine, OrderState
from store.orders.refund_plans import RefundWish, live_refunds, units_left


def is_put_off(order: Order) -> bool:
    """Say whether something of the order that has not left was told for a later day."""
    put_off = (
        select(SoldAhead.order_line_id)
        .join(OrderLine, OrderLine.id == SoldAhead.order_line_id)
        .where(
            OrderLine.order_id == order.id,
            SoldAhead.is_put_off,
            OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled > 0,
        )
    )
    return db.session.scalar(put_off.limit(1)) is not None


def can_call_ahead_off(order: Order) -> bool:
    """Say whether what was put off can be called off by itself, because other things have left."""
    return (
        order.state == OrderState.PAID
        and order.session_id is not None
        and bool(order.payments)
        and any(line.shipped for line in order.lines)
        and not any(refund.stripe_id is None for refund in live_refunds(order))
        and bool(put_off_units(order))
    )


def put_off_units(order: Order) -> dict[int, int]:
    """Return the units by order line that were put off, have not left, and were not given back."""
    put_off = set(
        db.session.scalars(
            select(SoldAhead.order_line_id).where(
                SoldAhead.order_line_id.in_([line.id for line in order.lines]),
                SoldAhead.is_put_off,
            )
        )
    )
    found = {
        line.id: min(line.left_to_ship, units_left(order, line))
        for line in order.lines
        if line.id in put_off
    }
    return {line_id: units for line_id, units in found.items() if units > 0}


def wish_for_put_off(order: Order) -> RefundWish:
    """Return the refund that gives back the money of what was put off, and of nothing else."""
    return RefundWish(units=put_off_units(order), reason="put off, called off by the reader")
