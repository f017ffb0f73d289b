"""Tells partners whose shelf has moved: read from the ledger a moment later, each shelf once."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select

from store.catalog.models import Variant
from store.clock import Clock
from store.connections.announcing import announce, listeners
from store.connections.models import Cursor, Kind
from store.database import db
from store.inventory.models import StockLevel, StockMovement

SETTLED = timedelta(minutes=1)
"""Longer than any transaction: until then a movement with a smaller number may still appear."""
AT_ONCE = 2_000
NAME = "stock"


def has_stock_moved() -> bool:
    """Whether there is anything in the ledger that nobody has looked at yet."""
    known = db.session.get(Cursor, NAME)
    return known is None or known.number < _last_movement()


def tell_stock(clock: Clock) -> int:
    """Tell of every shelf that moved since the last time; return how many. Flushes only.

    Without anybody who listens the ledger is passed by, so that whoever comes begins with now.
    """
    cursor = _cursor()
    if not listeners(Kind.STOCK_CHANGED):
        cursor.number = _last_movement()
        return 0
    moved = db.session.execute(
        select(StockMovement.id, StockMovement.variant_id)
        .where(StockMovement.id > cursor.number, StockMovement.at <= clock.now() - SETTLED)
        .order_by(StockMovement.id)
        .limit(AT_ONCE)
    ).all()
    if not moved:
        return 0
    cursor.number = moved[-1].id
    return _tell({row.variant_id for row in moved}, clock)


def _tell(variant_ids: Collection[int], clock: Clock) -> int:
    levels = db.session.execute(
        select(Variant.sku, StockLevel)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .where(Variant.id.in_(variant_ids), Variant.sku.is_not(None))
        .order_by(Variant.id)
    ).all()
    for sku, level in levels:
        facts = {"sku": sku, "on_hand": level.on_hand, "available": level.available}
        announce(Kind.STOCK_CHANGED, sku or "", facts, clock)
    return len(levels)


def _cursor() -> Cursor:
    known = db.session.get(Cursor, NAME, with_for_update=True)
    if known is None:
        known = Cursor(name=NAME, number=_last_movement())
        db.session.add(known)
    return known


def _last_movement() -> int:
    return db.session.scalar(select(func.max(StockMovement.id))) or 0
