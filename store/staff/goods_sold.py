"""What was sold by product, variant and collection, as they are called today; no gift cards.

Lines are added up by variant from an index that holds all that is added, before anything is named:
so a year of orders costs no more than a page may.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, Subquery, func, select

from store.catalog.models import Collection, CollectionProduct, Product, Variant
from store.database import db
from store.money import Money
from store.orders.models import Order, OrderLine
from store.settings import Settings
from store.staff.reports import Span, midnight

Selling = Select[str, str, int, int]


@dataclass(frozen=True, slots=True)
class GoodsSales:
    """One product, variant or collection: what was ordered and paid."""

    name: str
    key: str
    units: int
    total: Money

    def with_more(self, other: "GoodsSales") -> "GoodsSales":
        return replace(self, units=self.units + other.units, total=self.total + other.total)


def sales_by_product(span: Span, settings: Settings, limit: int | None = None) -> list[GoodsSales]:
    gone = _gone(span, settings, OrderLine.product_handle, OrderLine.title)
    sold = _sold(span, settings)
    units, total = func.sum(sold.c.units), func.sum(sold.c.total)
    by_product = (
        select(Variant.product_id, units.label("units"), total.label("total"))
        .join(sold, sold.c.variant_id == Variant.id)
        .where(Variant.is_gift_card.is_(False))
        .group_by(Variant.product_id)
        .order_by(total.desc(), Variant.product_id)
        .limit(limit if gone is None else None)
        .subquery()
    )
    named = (
        select(Product.title, Product.handle, by_product.c.units, by_product.c.total)
        .join(by_product, by_product.c.product_id == Product.id)
        .order_by(by_product.c.total.desc(), Product.id)
    )
    return _together(_read(named, settings), gone, settings)[:limit]


def sales_by_variant(span: Span, settings: Settings, limit: int | None = None) -> list[GoodsSales]:
    name = OrderLine.title + " · " + OrderLine.combination
    gone = _gone(span, settings, OrderLine.sku, name)
    sold = _sold(span, settings)
    first = (
        select(sold)
        .join(Variant, Variant.id == sold.c.variant_id)
        .where(Variant.is_gift_card.is_(False))
        .order_by(sold.c.total.desc(), sold.c.variant_id)
        .limit(limit if gone is None else None)
        .subquery()
    )
    named = (
        select(
            Product.title + " · " + Variant.combination,
            func.coalesce(Variant.sku, ""),
            first.c.units,
            first.c.total,
        )
        .join(first, first.c.variant_id == Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .order_by(first.c.total.desc(), Variant.id)
    )
    return _together(_read(named, settings), gone, settings)[:limit]


def sales_by_collection(
    span: Span, settings: Settings, limit: int | None = None
) -> list[GoodsSales]:
    """Return collections as they stand now; a product in two of them counts in both."""
    sold = _sold(span, settings)
    units, total = func.sum(sold.c.units), func.sum(sold.c.total)
    named = (
        select(Collection.title, Collection.handle, units, total)
        .join(CollectionProduct, CollectionProduct.collection_id == Collection.id)
        .join(Variant, Variant.product_id == CollectionProduct.product_id)
        .join(sold, sold.c.variant_id == Variant.id)
        .where(Variant.is_gift_card.is_(False))
        .group_by(Collection.id)
        .order_by(total.desc(), Collection.id)
        .limit(limit)
    )
    return _read(named, settings)


def _sold(span: Span, settings: Settings) -> Subquery:
    return (
        select(
            OrderLine.variant_id,
            func.sum(OrderLine.quantity).label("units"),
            func.sum(OrderLine.total_minor).label("total"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(*paid_in(span, settings))
        .group_by(OrderLine.variant_id)
        .subquery()
    )


def _gone(span: Span, settings: Settings, key: object, name: object) -> Selling | None:
    """Return what asks for the sales of variants that are no more; None while all are there."""
    lost = OrderLine.variant_id.is_(None)
    if db.session.scalar(select(OrderLine.id).where(lost).limit(1)) is None:
        return None
    units, total = func.sum(OrderLine.quantity), func.sum(OrderLine.total_minor)
    wanted: Selling = (
        select(func.max(name), key, units, total)  # type: ignore[call-overload] # columns of texts
        .join(Order, Order.id == OrderLine.order_id)
        .where(lost, OrderLine.is_gift_card.is_(False), *paid_in(span, settings))
        .group_by(key)
    )
    return wanted


def _together(
    standing: list[GoodsSales], gone: Selling | None, settings: Settings
) -> list[GoodsSales]:
    """Return what stands and what is gone under one key each, what brought most first."""
    if gone is None:
        return standing
    found: dict[str, GoodsSales] = {}
    for row in (*standing, *_read(gone, settings)):
        known = found.get(row.key)
        found[row.key] = row if known is None else known.with_more(row)
    return sorted(found.values(), key=lambda row: -row.total.minor)


def _read(wanted: Selling, settings: Settings) -> list[GoodsSales]:
    return [
        GoodsSales(name.removesuffix(" · "), key, int(units), Money(int(total), settings.currency))
        for name, key, units, total in db.session.execute(wanted)
    ]


def paid_in(span: Span, settings: Settings) -> tuple[ColumnElement[bool], ...]:
    return (
        Order.paid_at >= midnight(span.since, settings),
        Order.paid_at < midnight(span.until + timedelta(days=1), settings),
        Order.currency == settings.currency,
    )
