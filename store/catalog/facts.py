"""Reads what listings narrow and sort products by: of all of them, or of those that changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from store.catalog.facet_values import (
    IN_STOCK,
    OPTION_NAMES,
    Facet,
    colour_key,
    key_of,
    price_key,
    size_key,
    size_label,
)
from store.catalog.models import (
    Option,
    OptionValue,
    Product,
    ProductStatus,
    Variant,
    variant_option_value,
)
from store.catalog.prices.current import PRICE, with_changes
from store.catalog.words import fold
from store.inventory.models import StockLevel
from store.money import Money
from store.statements import read

AT_ONCE = 500
RANGE = 2_000
"""Numbers of products that are read together where all are read."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a facet, how the product spells it, and its swatch where it is a colour.

    Products share these, and they are compared by identity: there are a million looks at them.
    """

    facet: Facet
    key: str
    label: str
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    product_id: int
    is_active: bool
    appears: datetime | None
    ends: datetime | None
    title: str
    """Folded, to be sorted by."""
    price_minor: int
    """The lowest of the moment, which the card names first."""
    values: Sequence[Value]


def facts_of(product_ids: Iterable[int], now: datetime) -> Iterator[Facts]:
    """Yield what holds of these products at this moment; nothing of those that are gone."""
    ids = sorted(product_ids)
    for start in range(0, len(ids), AT_ONCE):
        yield from _facts(is_range=False, now=now, ids=ids[start : start + AT_ONCE])


def facts_of_all(now: datetime) -> Iterator[Facts]:
    last: int = read(_LAST)[0][0] or 0
    for first in range(1, last + 1, RANGE):
        yield from _facts(is_range=True, now=now, first=first, last=first + RANGE - 1)


_LAST = select(func.max(Product.id))
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_IN_STOCK = or_(~Variant.tracked, StockLevel.on_hand - StockLevel.reserved > 0)


@cache
def _statements(*, is_range: bool) -> tuple[Executable, Executable, Executable]:
    """Write the statements once: products, what their variants come to, and the options' values."""

    def wanted(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
        if is_range:
            return and_(column >= bindparam("first"), column <= bindparam("last"))
        return column.in_(_IDS)

    products = select(
        Product.id,
        Product.status,
        Product.published_at,
        Product.unpublish_at,
        Product.title,
        Product.product_type,
    ).where(wanted(Product.id))
    variants = with_changes(
        select(
            Variant.product_id,
            func.min(PRICE),
            func.min(Variant.currency),
            func.max(case((_IN_STOCK, 1), else_=0)),
        )
        .select_from(Variant)
        .join(StockLevel, StockLevel.variant_id == Variant.id, isouter=True)
        .where(wanted(Variant.product_id))
        .group_by(Variant.product_id)
    )
    values = (
        select(Variant.product_id, Option.name, OptionValue.value, OptionValue.swatch)
        .join(variant_option_value, variant_option_value.c.variant_id == Variant.id)
        .join(OptionValue, OptionValue.id == variant_option_value.c.option_value_id)
        .join(Option, Option.id == OptionValue.option_id)
        .where(wanted(Variant.product_id))
        .distinct()
    )
    return products.order_by(Product.id), variants, values


def _facts(*, is_range: bool, now: datetime, **given: Any) -> Iterator[Facts]:
    products, variants, values = _statements(is_range=is_range)
    sold = {row[0]: row[1:] for row in read(variants, now=now, **given)}
    chosen: dict[int, list[Value]] = defaultdict(list)
    for product_id, option, spelled, swatch in read(values, **given):
        if (value := _option_value(option, spelled, swatch)) is not None:
            chosen[product_id].append(value)
    for product_id, status, appears, ends, title, product_type in read(products, **given):
        minor, currency, in_stock = sold.get(product_id, (0, "", 0))
        # What has no variant can be on no page.
        is_active = status == ProductStatus.ACTIVE and appears is not None and currency != ""
        told = _told(product_type, minor, currency, in_stock) if is_active else ()
        yield Facts(
            product_id,
            is_active,
            appears,
            ends,
            fold(title),
            minor,
            (*told, *chosen[product_id]) if is_active else (),
        )


@lru_cache(maxsize=4096)
def _told(product_type: str, minor: int, currency: str, in_stock: int) -> Sequence[Value]:
    told = [_in_band(price_key(Money(minor, currency)))]
    if (kind := _of_type(product_type)) is not None:
        told.append(kind)
    if in_stock:
        told.append(_IN_STOCK_NOW)
    return tuple(told)


# There are more prices than are remembered: their bands are shared all the same.
_IN_STOCK_NOW = Value(Facet.STOCK, IN_STOCK, IN_STOCK)


@lru_cache(maxsize=4096)
def _in_band(band: str) -> Value:
    return Value(Facet.PRICE, band, band)


@lru_cache(maxsize=4096)
def _of_type(product_type: str) -> Value | None:
    key = key_of(product_type)
    return Value(Facet.TYPE, key, product_type) if key else None


# Thousands of products come in the same sizes.
@lru_cache(maxsize=4096)
def _option_value(option: str, spelled: str, swatch: str) -> Value | None:
    facet = OPTION_NAMES.get(option.strip().lower())
    if facet is Facet.COLOUR:
        key = colour_key(spelled, swatch)
        return Value(facet, key, spelled, swatch) if key else None
    if facet is Facet.SIZE:
        key = size_key(spelled)
        return Value(facet, key, size_label(key, spelled)) if key else None
    return None
