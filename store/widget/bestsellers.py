"""What sells best, for stories that speak of nothing that is sold."""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from store.catalog.models import Collection, CollectionProduct, Product, ProductStatus, Variant
from store.database import db
from store.orders.models import Order, OrderLine

WINDOW = timedelta(days=90)
MOST = 40

_sold: WeakKeyDictionary[Engine | Connection, tuple[datetime, list[int]]] = WeakKeyDictionary()
_laid_out: WeakKeyDictionary[Engine | Connection, tuple[int, list[int]]] = WeakKeyDictionary()


def bestsellers(version: int, now: datetime) -> list[int]:
    """Return products by units sold in ninety days up to midnight UTC, then as the shop lays out.

    What is sold today changes nothing before tomorrow: the same story has the same card all day.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    bind = db.session().get_bind()
    # All orders are looked through for it, and the version rises with every change of the stock.
    sold = _sold.get(bind)
    if sold is None or sold[0] != midnight:
        sold = _sold[bind] = (midnight, _read_sold(midnight))
    laid_out = _laid_out.get(bind)
    if laid_out is None or laid_out[0] != version:
        laid_out = _laid_out[bind] = (version, _read_laid_out())
    return list(dict.fromkeys([*sold[1], *laid_out[1]]))


def forget_bestsellers() -> None:
    """Forget what is held, as when a database was replaced under its engine."""
    _sold.clear()
    _laid_out.clear()


def _read_sold(midnight: datetime) -> list[int]:
    rows = db.session.scalars(
        select(Variant.product_id)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.paid_at >= midnight - WINDOW, Order.paid_at < midnight)
        .group_by(Variant.product_id)
        .order_by(func.sum(OrderLine.quantity).desc(), Variant.product_id)
        .limit(MOST)
    )
    return list(rows)


def _read_laid_out() -> list[int]:
    rows = db.session.scalars(
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
    )
    return list(rows)
