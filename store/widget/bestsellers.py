"""What sells best, for stories that speak of nothing that is sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from store.catalog.models import Collection, CollectionProduct, Product, ProductStatus, Variant
from store.database import Moment
from store.orders.models import Order, OrderLine
from store.statements import read
from store.widget.keeping import Kept

WINDOW = timedelta(days=90)
GRACE = timedelta(minutes=5)
"""What was paid before midnight may be written down after it; a new day begins when all is."""
MOST = 200
"""Of each kind: more than are shown, because some will be sold out, or sold no more."""

_SOLD = (
    select(Variant.product_id)
    .join(OrderLine, OrderLine.variant_id == Variant.id)
    .join(Order, Order.id == OrderLine.order_id)
    .where(
        Order.paid_at >= bindparam("start", type_=Moment()),
        Order.paid_at < bindparam("end", type_=Moment()),
    )
    .group_by(Variant.product_id)
    .order_by(func.sum(OrderLine.quantity).desc(), Variant.product_id)
    .limit(MOST)
)
_IN_COLLECTIONS = (
    select(CollectionProduct.product_id)
    .join(Collection, Collection.id == CollectionProduct.collection_id)
    .join(Product, Product.id == CollectionProduct.product_id)
    .where(Collection.is_published, Product.status == ProductStatus.ACTIVE)
    .order_by(
        Collection.position,
        Collection.id,
        CollectionProduct.position,
        CollectionProduct.product_id,
    )
    .limit(MOST)
)
_OLDEST = (
    select(Product.id)
    .where(Product.status == ProductStatus.ACTIVE)
    .order_by(Product.id)
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class _Standing:
    midnight: datetime
    sold: Sequence[int]
    all: Sequence[int]


_kept = Kept[_Standing]()


def bestsellers(version: int, now: datetime) -> Sequence[int]:
    """Return products by units sold in ninety days up to midnight UTC, then as the shop lays out.

    What is sold today changes nothing before tomorrow: the same story has the same card all day.
    Some of them may be sold out by now, or no longer for sale.
    """
    midnight = (now - GRACE).replace(hour=0, minute=0, second=0, microsecond=0)
    return _kept.get((version, midnight), lambda before: _read(midnight, before)).all


def forget_bestsellers() -> None:
    """Forget what is held, as when a database was replaced under its engine."""
    _kept.forget()


def _read(midnight: datetime, before: _Standing | None) -> _Standing:
    # A new version changes nothing of what was sold, and orders are many.
    if before is not None and before.midnight == midnight:
        sold = before.sold
    else:
        sold = [number for (number,) in read(_SOLD, start=midnight - WINDOW, end=midnight)]
    laid_out = [number for (number,) in (*read(_IN_COLLECTIONS), *read(_OLDEST))]
    return _Standing(midnight, sold, list(dict.fromkeys([*sold, *laid_out])))
