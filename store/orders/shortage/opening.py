"""Asks a reader what to do when what she paid for is gone: once for all lines of an order."""

from datetime import datetime, timedelta

from store.database import db
from store.orders.models import Order
from store.orders.shortage.messages import mail_missing
from store.orders.shortage.models import Shortfall
from store.orders.shortage.standing import live_shortfalls
from store.services import Services


def open_shortfalls(order: Order, services: Services) -> list[Shortfall]:
    """Write down what is missing of a locked order and ask its reader; flushes only.

    What is written down already is not asked again.
    """
    known = {one.order_line_id for one in live_shortfalls(order)}
    now = services.clock.now()
    fresh = [
        Shortfall(
            order=order,
            line=line,
            quantity=min(line.shortage, line.left_to_ship),
            opened_at=now,
            decide_by=deadline(now, services),
        )
        for line in order.lines
        if line.shortage and line.left_to_ship and line.id not in known
    ]
    if fresh:
        db.session.add_all(fresh)
        db.session.flush()
        mail_missing(order, fresh, services)
    return fresh


def deadline(now: datetime, services: Services) -> datetime:
    return now + timedelta(days=services.settings.missing_days)
