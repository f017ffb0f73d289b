"""What sells best, for stories that speak of nothing that is sold."""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from store.catalog.models import Collection, CollectionProduct, Product, ProductStatus, Variant
from store.database import db
from store.orders.models import Order, OrderLine

WINDOW = timedelta(days=90)
MOST = 40

_held: WeakKeyDictionary[Engine | Connection, tuple[tuple[int, datetime], list[int]]] = (
    WeakKeyDictionary()
)


def bestsellers(version: int, now: datetime) -> list[int]:
    """Return products by units sold in ninety days up to midnight UTC, then as the shop lays out.

    What is sold today changes nothing before tomorrow: the same story has the same card all day.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    bind, key = db.session().get_bind(), (version, midnight)
    held = _held.get(bind)
    if held is None or held[0] != key:
        held = _held[bind] = (key, _read(midnight))
    return held[1]


def forget_bestsellers() -> None:
    """Forget what is held, as when a database was replaced under its engine."""
    _held.clear()


def _read(midnight: datetime) -> list[int]:
    sold = db.session.scalars(
        select(Variant.product_id)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.paid_at >= midnight - WINDOW, Order.paid_at < midnight)
        .group_by(Variant.product_id)
        .order_by(func.sum(OrderLine.quantity).desc(), Variant.product_id)
        .limit(MOST)
    ).all()
    laid_out = db.session.scalars(
        select(Product.id)
        .outerjoin(CollectionProduct, CollectionProduct.product_id == Product.id)
        .outerjoin(Collection, Collection.id == CollectionProduct.collection_id)
        .where(Product.status == ProductStatus.ACTIVE)
        .group_by(Product.id)
        .order_by(
            func.coalesce(func.min(Collection.position), 1_000_000),
            func.coalesce(func.min(CollectionProduct.position), 1_000_000),
            Product.id,
        )
        .limit(MOST)
    ).all()
    return list(dict.fromkeys([*sold, *laid_out]))
