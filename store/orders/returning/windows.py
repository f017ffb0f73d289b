"""Until when what was sent may come back, and how many units of it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from store.database import db
from store.mail.letterhead import branded
from store.orders.models import Order, OrderLine, OrderState
from store.orders.refund_plans import live_refunds
from store.orders.returning.models import Return
from store.services import Services

POST = timedelta(days=14)
"""How long a parcel may be on its way: the days count from its arrival, and not all are told."""


def return_days(services: Services) -> int:
    """Return for how many days after its arrival something may be sent back."""
    return branded(services.settings).brand_return_days


def may_return(order: Order, services: Services) -> bool:
    """Whether anything of the order may be sent back now."""
    return any(returnable_now(order, services).values())


def returnable_now(order: Order, services: Services) -> dict[int, int]:
    """Return the units of each line that may be sent back now; 0 where the days are over."""
    if order.state != OrderState.PAID:
        return {}
    now, days = services.clock.now(), timedelta(days=return_days(services))
    others = _refunded_otherwise(order)
    return {
        line.id: max(0, line.shipped - line.coming_back - others.get(line.id, 0))
        if (arrived := arrived_at(order, line)) is not None and now <= arrived + days
        else 0
        for line in order.lines
    }


def arrived_at(order: Order, line: OrderLine) -> datetime | None:
    """Return when the last unit of the line arrived, or should have; None if none has left."""
    moments = [
        parcel.delivered_at or parcel.shipped_at + POST
        for parcel in order.fulfilments
        if any(part.order_line_id == line.id for part in parcel.lines)
    ]
    return max(moments, default=None)


def last_moment(order: Order, services: Services) -> datetime | None:
    """Return when the days are over for the last of what was sent; None if nothing was."""
    arrived = [moment for line in order.lines if (moment := arrived_at(order, line))]
    days = timedelta(days=return_days(services))
    return max(arrived) + days if arrived else None


def refunded_otherwise(order: Order, line_id: int) -> int:
    """Return the units of a line that were sent and whose money went back without a return."""
    return _refunded_otherwise(order).get(line_id, 0)


def _refunded_otherwise(order: Order) -> dict[int, int]:
    by_return = set(
        db.session.scalars(
            select(Return.refund_id).where(
                Return.order_id == order.id, Return.refund_id.is_not(None)
            )
        )
    )
    units = dict[int, int]()
    for refund in live_refunds(order):
        for part in refund.lines if refund.id not in by_return else ():
            sent = part.quantity - part.cancelled
            units[part.order_line_id] = units.get(part.order_line_id, 0) + sent
    return units
