"""What discounts gave in a span of days, each by the name that it had on the receipts."""

from dataclasses import dataclass

from sqlalchemy import func, select

from store.database import db
from store.money import Money
from store.orders.models import Order
from store.pricing.models import Redemption
from store.settings import Settings
from store.staff.goods_sold import paid_in
from store.staff.reports import Span


@dataclass(frozen=True, slots=True)
class Given:
    """One discount under one name: orders that had it, what it gave, what they paid."""

    key: int
    name: str
    code: str
    orders: int
    given: Money
    paid: Money


def given_in(span: Span, settings: Settings, limit: int | None = None) -> list[Given]:
    """Return the discounts of what was paid in these days, those that gave most on top."""
    given = func.sum(Redemption.amount_minor)
    rows = db.session.execute(
        select(
            Redemption.discount_id,
            Redemption.name,
            Redemption.code,
            func.count(),
            given,
            func.sum(Order.total_minor),
        )
        .join(Order, Order.id == Redemption.order_id)
        .where(*paid_in(span, settings))
        .group_by(Redemption.discount_id, Redemption.name, Redemption.code)
        .order_by(given.desc(), Redemption.discount_id, Redemption.name)
        .limit(limit)
    )
    currency = settings.currency
    return [
        Given(key, name, code, orders, Money(int(off), currency), Money(int(paid), currency))
        for key, name, code, orders, off, paid in rows
    ]
