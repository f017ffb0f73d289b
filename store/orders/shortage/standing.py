"""What stands of an order's missing units: who still has to choose, and what took their place."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import selectinload

from store.database import db
from store.inventory import stock
from store.orders.models import Order, OrderLine
from store.orders.shortage.models import IS_LIVE, Shortfall, ShortfallState


def shortfalls_of(order: Order) -> Sequence[Shortfall]:
    """Return every shortfall of an order as it is now, the oldest first."""
    return db.session.scalars(
        select(Shortfall)
        .where(Shortfall.order_id == order.id)
        .order_by(Shortfall.id)
        .execution_options(populate_existing=True)
    ).all()


def live_shortfalls(order: Order) -> list[Shortfall]:
    """Return those that are not decided, or that wait."""
    return [one for one in shortfalls_of(order) if one.is_live]


def replaced_units(order: Order) -> dict[int, int]:
    """Return the units by line that something else takes the place of, without any money back."""
    units: dict[int, int] = {}
    for one in shortfalls_of(order):
        is_free = one.state == ShortfallState.REFUNDED and one.refund_id is None
        if one.state == ShortfallState.SWAPPED or is_free:
            units[one.order_line_id] = units.get(one.order_line_id, 0) + one.quantity
    return units


def is_covered(one: Shortfall) -> bool:
    """Whether the shelf covers these units by now: who waited longest comes first."""
    variant_id = one.line.variant_id
    level = stock.levels([variant_id]).get(variant_id) if variant_id is not None else None
    if level is None or not level.shortage:
        return True
    same = (
        select(func.coalesce(func.sum(Shortfall.quantity), 0))
        .join(OrderLine, OrderLine.id == Shortfall.order_line_id)
        .where(text(f"shortfall.{IS_LIVE}"), OrderLine.variant_id == variant_id)
    )
    missing = db.session.scalars(same).one()
    before = db.session.scalars(same.where(Shortfall.id <= one.id)).one()
    return before <= missing - level.shortage


def all_live_shortfalls(most: int | None = None) -> Sequence[Shortfall]:
    """Return what is not decided or waits, in all orders, what goes back first on top."""
    return db.session.scalars(
        select(Shortfall)
        .where(text(IS_LIVE))
        .options(selectinload(Shortfall.order), selectinload(Shortfall.line))
        .order_by(Shortfall.decide_by, Shortfall.id)
        .limit(most)
    ).all()


def orders_with_live_shortfalls() -> list[int]:
    return list(
        db.session.scalars(
            select(Shortfall.order_id).where(text(IS_LIVE)).distinct().order_by(Shortfall.order_id)
        )
    )
