"""Answers which units of paid orders are not here yet; what comes is shared by date of payment.

Nothing is written when a delivery arrives. The shelf is shared out when it is looked at, so that
no way of putting units on it can forget somebody.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, and_, func, select

from store.database import db
from store.inventory.models import Reservation, ReservationState, StockLevel
from store.orders.models import Order, OrderLine


def missing_units(orders: Collection[Order] | None = None) -> Mapping[int, int]:
    """Return the units that cannot be sent yet by order line, of these orders or of all.

    Only what is sold ahead counts: where units lack that were on the shelf, somebody must decide.
    """
    if orders is not None:
        wanted = {line.variant_id for order in orders for line in order.lines}
        statement = _shared_out(wanted - {None})
        own = {line.id for order in orders for line in order.lines}
    else:
        statement, own = _shared_out(None), None
    found: dict[int, int] = {}
    for line_id, units, upto, on_hand in db.session.execute(statement):
        missing = min(units, upto - on_hand)
        if missing > 0 and (own is None or line_id in own):
            found[line_id] = found.get(line_id, 0) + missing
    return found


def ready_units(order: Order) -> Mapping[int, int]:
    """Return what can leave now by order line."""
    missing = missing_units([order])
    return {
        line.id: ready
        for line in order.lines
        if (ready := line.left_to_ship - missing.get(line.id, 0)) > 0
    }


def orders_held_back() -> frozenset[int]:
    """Return the orders of which nothing can leave yet, though they are paid."""
    missing = missing_units()
    if not missing:
        return frozenset()
    ids = select(OrderLine.order_id).where(OrderLine.id.in_(missing))
    left: dict[int, int] = {}
    lines = db.session.execute(
        select(OrderLine.order_id, OrderLine.id, _LEFT).where(
            OrderLine.order_id.in_(ids), OrderLine.requires_shipping
        )
    )
    for order_id, line_id, units in lines:
        left[order_id] = left.get(order_id, 0) + units - missing.get(line_id, 0)
    return frozenset(order_id for order_id, units in left.items() if units <= 0)


_LEFT = OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled


def _shared_out(variant_ids: Collection[int | None] | None) -> Select[int, int, int, int]:
    """Select each promise with the sum of all that were paid before it, its own among them."""
    short = select(StockLevel.variant_id).where(
        StockLevel.may_oversell,
        StockLevel.on_hand < StockLevel.reserved,
        # In the words of an index: few levels are low.
        StockLevel.on_hand - StockLevel.reserved <= 3,
    )
    if variant_ids is not None:
        short = short.where(StockLevel.variant_id.in_(variant_ids))
    paid = func.coalesce(Order.paid_at, Order.placed_at)
    upto = func.sum(Reservation.quantity).over(
        partition_by=Reservation.variant_id, order_by=(paid, OrderLine.id, Reservation.id)
    )
    return (
        select(Reservation.order_line_id, Reservation.quantity, upto, StockLevel.on_hand)
        .join(OrderLine, OrderLine.id == Reservation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(StockLevel, StockLevel.variant_id == Reservation.variant_id)
        .where(
            and_(
                Reservation.state == ReservationState.ALLOCATED,
                Reservation.variant_id.in_(short),
            )
        )
    )
