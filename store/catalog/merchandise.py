"""Everything that is for sale, product by product, in parts: for feeds of the whole shop."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select

from store.catalog import rows
from store.catalog.composing import states_of, variant_choices
from store.catalog.models import Product, TaxClass, Variant
from store.catalog.presenting import Picture, VariantChoice
from store.catalog.prices.current import NOW
from store.catalog.prices.history import lowest_prices
from store.catalog.prices.models import PriceChange
from store.catalog.rows import Pictures, VariantRow, is_public
from store.money import Money
from store.statements import read

AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class ComingPrice:
    """What a variant will cost for a time, less than it does now."""

    price: Money
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Goods:
    """One variant for sale: how it is chosen, weighed and taxed, and what it will cost."""

    choice: VariantChoice
    weight_grams: int
    coming: ComingPrice | None
    tax_class: TaxClass = TaxClass.STANDARD


@dataclass(frozen=True, slots=True)
class Merchandise:
    """One product for sale with all its variants; the body is Markdown."""

    product_id: int
    handle: str
    title: str
    body: str
    product_type: str
    vendor: str
    pictures: tuple[Picture, ...]
    options: tuple[str, ...]
    goods: tuple[Goods, ...]


def all_merchandise(now: datetime) -> Iterator[Merchandise]:
    """Give every public product, oldest first; a part is read when the one before was taken."""
    last = 0
    while part := read(_PART, now=now, last=last):
        ids = [row.id for row in part]
        known = _Known(ids, now)
        yield from filter(None, map(known.merchandise, part))
        last = ids[-1]


class _Known:
    """What is read of one part."""

    def __init__(self, ids: Sequence[int], now: datetime) -> None:
        self._variants = rows.variants(ids, now=now)
        self._pictures = rows.pictures(ids)
        self._values = rows.values(ids, colours_only=False)
        self._traits = {row.id: row for row in read(_TRAITS, ids=ids)}
        self._coming = _coming(ids, self._variants, now)

    def merchandise(self, row: Any) -> Merchandise | None:
        variants, values = self._variants.get(row.id, ()), self._values.get(row.id, ())
        if not variants:
            return None
        pictures = self._pictures.get(row.id, Pictures())
        return Merchandise(
            row.id,
            row.handle,
            row.title,
            row.body,
            row.product_type,
            row.vendor,
            pictures.all,
            tuple(dict.fromkeys(value.option for value in values)),
            tuple(
                map(self._goods, variant_choices(variants, pictures, values, states_of(variants)))
            ),
        )

    def _goods(self, choice: VariantChoice) -> Goods:
        traits = self._traits[choice.variant_id]
        return Goods(
            choice,
            traits.weight_grams,
            self._coming.get(choice.variant_id),
            TaxClass(traits.tax_class) if traits.taxable else TaxClass.EXEMPT,
        )


def _coming(
    ids: Sequence[int], variants: Mapping[int, Sequence[VariantRow]], now: datetime
) -> Mapping[int, ComingPrice]:
    asked = {v.variant_id: v.price.minor for siblings in variants.values() for v in siblings}
    found: dict[int, ComingPrice] = {}
    for variant_id, minor, currency, starts_at, ends_at in read(_COMING, ids=ids, now=now):
        # The first that comes counts.
        found.setdefault(variant_id, ComingPrice(Money(minor, currency), starts_at, ends_at))
    found = {number: one for number, one in found.items() if one.price.minor < asked.get(number, 0)}
    return _told_lawfully(found, asked) if rows.tells_lowest_price() else found


def _told_lawfully(
    coming: Mapping[int, ComingPrice], asked: Mapping[int, int]
) -> Mapping[int, ComingPrice]:
    """Keep those that may be announced beside the price of now.

    Whoever was told of a sale before strikes through what was asked until it began, and the law
    knows one price only that may stand there. The others are told once they have begun.
    """
    by_start: dict[datetime, list[int]] = defaultdict(list)
    for variant_id, one in coming.items():
        by_start[one.starts_at].append(variant_id)
    lowest: dict[int, int] = {}
    for starts_at, variant_ids in by_start.items():
        lowest |= lowest_prices(variant_ids, starts_at)
    return {number: one for number, one in coming.items() if lowest.get(number) == asked[number]}


_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_PART = (
    select(
        Product.id,
        Product.handle,
        Product.title,
        func.substr(Product.body, 1, 20_000).label("body"),
        Product.product_type,
        Product.vendor,
    )
    .where(Product.id > bindparam("last"), is_public())
    .order_by(Product.id)
    .limit(AT_ONCE)
)
_TRAITS = (
    select(Variant.id, Variant.weight_grams, Variant.taxable, Product.tax_class)
    .join(Product, Product.id == Variant.product_id)
    .where(Variant.product_id.in_(_IDS))
)
_COMING = (
    select(
        PriceChange.variant_id,
        PriceChange.price_minor,
        PriceChange.currency,
        PriceChange.starts_at,
        PriceChange.ends_at,
    )
    .join(Variant, Variant.id == PriceChange.variant_id)
    .where(
        Variant.product_id.in_(_IDS),
        PriceChange.currency == Variant.currency,
        PriceChange.is_sale,
        PriceChange.price_minor < Variant.price_minor,
        PriceChange.starts_at > NOW,
        PriceChange.ends_at.is_not(None),
    )
    .order_by(PriceChange.starts_at)
)
