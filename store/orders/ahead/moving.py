"""Moves the day on which what was sold ahead leaves, and tells everybody who waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select

from store.database import db, writing
from store.inventory import stock
from store.inventory.models import StockLevel
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.orders.ahead.messages import mail_new_date
from store.orders.ahead.models import SoldAhead
from store.orders.ahead.presenting import ahead_of
from store.orders.lifecycle import note
from store.orders.models import Order, OrderLine, OrderState
from store.orders.queries import locked_order
from store.services import Services

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class TellNewDate(Job):
    kind: ClassVar[str] = "orders.tell_new_date"

    variant_id: int


def expect(
    variant_id: int, *, ships_on: date | None, to_come: int | None, services: Services
) -> None:
    """Set the day and the units to come; who waits for another day is told by a worker.

    Flushes only.
    """
    stock.expect(variant_id, comes_on=ships_on, to_come=to_come)
    enqueue(TellNewDate(variant_id), services.clock)


def tell_new_date(variant_id: int, services: Services) -> int:
    """Mail everybody who was told another day; return how many orders. Opens its own scopes.

    Whoever was told is not told again: a job that died half-way goes on where it was.
    """
    told = 0
    while batch := _told_otherwise(variant_id):
        db.session.rollback()
        for order_id in batch:
            with writing():
                _tell(locked_order(order_id), services)
        told += len(batch)
    return told


def _told_otherwise(variant_id: int) -> Sequence[int]:
    left = OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled > 0
    return db.session.scalars(
        select(OrderLine.order_id)
        .join(SoldAhead, SoldAhead.order_line_id == OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(StockLevel, StockLevel.variant_id == SoldAhead.variant_id)
        .where(
            SoldAhead.variant_id == variant_id,
            SoldAhead.told_on.is_distinct_from(StockLevel.comes_on),
            Order.state == OrderState.PAID,
            left,
        )
        .order_by(OrderLine.order_id)
        .distinct()
        .limit(AT_ONCE)
    ).all()


def _tell(order: Order, services: Services) -> None:
    """Tell one reader of every day that moved in her order, in one mail."""
    rows = ahead_of(order)
    levels = stock.levels([row.variant_id for row in rows.values() if row.variant_id is not None])
    moved = []
    for line in order.lines:
        row = rows.get(line.id)
        level = levels.get(row.variant_id or 0) if row else None
        if row is None or level is None or not line.left_to_ship or row.told_on == level.comes_on:
            continue
        before, row.told_on, row.told_at = row.told_on, level.comes_on, services.clock.now()
        row.is_put_off = is_later(row.promised_on, level.comes_on)
        moved.append((line, before, level.comes_on))
    if not moved:
        return
    days = [day.isoformat() if day else "" for _, _, day in moved]
    note(order, "new_date", services.clock, days=days)
    mail_new_date(order, moved, services)


def is_later(promised: date | None, now: date | None) -> bool:
    """Say whether a reader waits longer than she was told; a day that nobody knows is later."""
    if promised is None:
        return False
    return now is None or now > promised
