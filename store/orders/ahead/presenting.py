"""What a reader is told of what she ordered ahead: nothing more once it is here."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from store.catalog.ahead_words import ships_words
from store.database import db
from store.orders.ahead.models import SoldAhead
from store.orders.ahead.served import missing_units
from store.orders.models import Order, OrderState


def ahead_of(order: Order) -> Mapping[int, SoldAhead]:
    """Return what was sold ahead by order line."""
    rows = db.session.scalars(
        select(SoldAhead).where(SoldAhead.order_line_id.in_([line.id for line in order.lines]))
    )
    return {row.order_line_id: row for row in rows}


def waiting_words(order: Order) -> Mapping[int, str]:
    """Return when each line leaves that is not here yet, as its reader was told last."""
    rows = ahead_of(order)
    if not rows:
        return {}
    is_sold = order.state in {OrderState.PAID, OrderState.PARKED}
    # Nothing is promised before it is paid: until then its page says what was offered.
    missing = missing_units([order]) if is_sold else {line: row.units for line, row in rows.items()}
    day = order.placed_at.date()
    return {
        line.id: ships_words(rows[line.id].told_on, day)
        for line in order.lines
        if line.id in rows and missing.get(line.id) and line.cancelled < line.quantity
    }


def promised_words(order: Order) -> Mapping[int, str]:
    """Return what was promised by order line, for papers: they say what held when it was sold."""
    day: date = order.placed_at.date()
    return {number: ships_words(row.promised_on, day) for number, row in ahead_of(order).items()}
