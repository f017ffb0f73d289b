"""The one place that says what a variant costs at a moment: pages, carts, feeds and cards ask it.

A statement about variants takes the change that holds now along (`with_changes`) and reads these
columns instead of the variant's own; so a price changes at its second without anybody's doing.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from store.catalog.models import Product, Variant
from store.catalog.prices.models import PriceChange
from store.database import Moment, db
from store.money import Money

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])
NOW: BindParameter[datetime] = bindparam("now", type_=Moment())
"""The moment, where a statement is written once and asked again and again."""

PRICE: ColumnElement[int] = func.coalesce(PriceChange.price_minor, Variant.price_minor)
COMPARE_AT: ColumnElement[int | None] = case(
    (PriceChange.id.is_(None), Variant.compare_at_minor),
    (PriceChange.compare_at_minor.is_not(None), PriceChange.compare_at_minor),
    (and_(PriceChange.is_sale, Variant.price_minor > PriceChange.price_minor), Variant.price_minor),
)
SINCE, UNTIL = PriceChange.starts_at, PriceChange.ends_at
"""For how long the price holds; both empty while it is the variant's own."""


def holds(now: datetime | BindParameter[datetime] = NOW) -> ColumnElement[bool]:
    """Say which change of a variant holds at this moment; there is one at most."""
    return and_(
        PriceChange.variant_id == Variant.id,
        PriceChange.currency == Variant.currency,
        PriceChange.starts_at <= now,
        or_(PriceChange.ends_at.is_(None), PriceChange.ends_at > now),
    )


def with_changes(statement: Statement, now: datetime | BindParameter[datetime] = NOW) -> Statement:
    """Return a statement about variants with what changes their prices at this moment."""
    return statement.join(PriceChange, holds(now), isouter=True)


def lowest_price(now: datetime | BindParameter[datetime] = NOW) -> ColumnElement[int]:
    """Return the price that a card names first: the lowest of the product's variants."""
    prices = with_changes(select(func.min(PRICE)).select_from(Variant), now)
    return prices.where(Variant.product_id == Product.id).correlate(Product).scalar_subquery()


def price_of(variant_id: int, now: datetime) -> Money | None:
    """Return what one variant costs at this moment, whether it is sold or not."""
    row = db.session.execute(_ONE, {"variant_id": variant_id, "now": now}).one_or_none()
    return Money(*row) if row else None


def last_change(now: datetime | BindParameter[datetime] = NOW) -> ScalarSelect[datetime | None]:
    """Return the question when a price last changed by itself; what was shown before is over."""
    return _first_or_last(func.max, lambda column: column <= now)


def next_price(now: datetime | BindParameter[datetime]) -> ScalarSelect[datetime | None]:
    """Return the question when the next price changes by itself: pages change then."""
    return _first_or_last(func.min, lambda column: column > now)


def changed_since(product_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """Return when the prices of these products last changed by themselves, where they did."""
    moments = union_all(
        *(
            select(Variant.product_id, column.label("at"))
            .join(PriceChange, PriceChange.variant_id == Variant.id)
            .where(Variant.product_id.in_(product_ids), column <= now)
            for column in (PriceChange.starts_at, PriceChange.ends_at)
        )
    ).subquery()
    last = select(moments.c.product_id, func.max(moments.c.at)).group_by(moments.c.product_id)
    return {product_id: at for product_id, at in db.session.execute(last) if at is not None}


def repriced_between(one: datetime | None, other: datetime | None) -> frozenset[int]:
    """Return the products whose prices changed by themselves between two last changes.

    None is before all of them; which of the two moments is the earlier does not matter.
    """
    if one == other:
        return frozenset()
    early, late = sorted((one or _BEFORE_ALL, other or _BEFORE_ALL))
    asked = {"early": early, "late": late}
    return frozenset(row[0] for row in db.session.connection().execute(_REPRICED, asked))


def _first_or_last(
    choose: Callable[..., ColumnElement[Any]], among: Callable[[Any], ColumnElement[bool]]
) -> ScalarSelect[datetime | None]:
    moments = union_all(
        *(
            select(choose(column).label("at")).where(among(column))
            for column in (PriceChange.starts_at, PriceChange.ends_at)
        )
    ).subquery()
    return select(choose(moments.c.at)).scalar_subquery()


def _changed_between(column: InstrumentedAttribute[Any]) -> Select[int]:
    return (
        select(Variant.product_id)
        .join(PriceChange, PriceChange.variant_id == Variant.id)
        .where(column > bindparam("early"), column <= bindparam("late"))
    )


_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
_REPRICED = union(_changed_between(PriceChange.starts_at), _changed_between(PriceChange.ends_at))
_ONE = with_changes(select(PRICE, Variant.currency).select_from(Variant)).where(
    Variant.id == bindparam("variant_id")
)
