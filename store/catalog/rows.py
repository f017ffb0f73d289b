"""Reads what pages show of products, column by column: a handful of queries for any number."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from store.catalog.choosing_prices import PriceChoice
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Hue,
    Image,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    Variant,
    variant_image,
    variant_option_value,
)
from store.catalog.presenting import Picture
from store.catalog.prices.current import COMPARE_AT, NOW, PRICE, SINCE, UNTIL, with_changes
from store.catalog.prices.history import lowest_prices
from store.database import db
from store.inventory.models import StockLevel
from store.inventory.queue import is_held
from store.money import Money
from store.statements import read

TELLS_LOWEST_PRICE = "store_tells_lowest_price"
"""The execution option of an engine whose shop must name the lowest price before a reduction."""
_Wanted = Callable[[InstrumentedAttribute[Any]], ColumnElement[bool]]
COLOUR_OPTIONS = ("colour", "color", "colours", "colors")


class ProductRow(NamedTuple):
    product_id: int
    handle: str
    title: str
    product_type: str
    hue: str


class VariantRow(NamedTuple):
    """One variant with its price and stock of a moment; available is None when nothing counts it.

    What it costs for a time only says since when and until when. Rows are tuples, because a page
    reads so many of them.
    """

    variant_id: int
    combination: str
    sku: str | None
    barcode: str
    price: Money
    compare_at: Money | None
    policy: str
    available: int | None
    requires_shipping: bool = True
    price_since: datetime | None = None
    price_until: datetime | None = None
    to_come: int | None = None
    """Units that may be sold before they are here, where they are counted."""
    comes_on: date | None = None
    is_held: bool = False
    """Whether somebody is only paying for what is not there any more."""
    choice: PriceChoice | None = None
    is_gift_card: bool = False


class ValueRow(NamedTuple):
    """One value of an option, and the variants that have it."""

    option: str
    value: str
    colour: str
    variant_ids: frozenset[int]

    @property
    def is_colour(self) -> bool:
        return self.option.lower() in COLOUR_OPTIONS


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of one product that can be shown, and the first of each variant."""

    all: tuple[Picture, ...] = ()
    by_variant: Mapping[int, Picture] | None = None

    def of(self, variant_id: int) -> Picture | None:
        return (self.by_variant or {}).get(variant_id)


@dataclass(frozen=True, slots=True)
class Goods:
    """What cards are composed of, for some products, by their ids."""

    variants: Mapping[int, list[VariantRow]]
    pictures: Mapping[int, Pictures]
    values: Mapping[int, list[ValueRow]]


def is_public(now: datetime | BindParameter[datetime] = NOW) -> ColumnElement[bool]:
    """Say which products readers may see at this moment."""
    return and_(
        Product.status == ProductStatus.ACTIVE,
        Product.published_at <= now,
        or_(Product.unpublish_at.is_(None), Product.unpublish_at > now),
    )


first_collection_id = (
    select(Collection.id)
    .join(CollectionProduct, CollectionProduct.collection_id == Collection.id)
    .where(CollectionProduct.product_id == Product.id, Collection.is_published)
    .order_by(Collection.position, Collection.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
)
"""The collection that gives a product its breadcrumb and its hue."""


class _OfProducts:
    """A question about products that was written twice: for one of them, and for any number.

    A list of ids is written into the statement at each reading: for one product a fifth of it all.
    """

    def __init__(self, write: Callable[[_Wanted], Executable]) -> None:
        self._of_one = write(lambda column: column == bindparam("id"))
        self._of_many = write(lambda column: column.in_(bindparam("ids", expanding=True)))

    def read(self, ids: Sequence[int], **given: Any) -> Sequence[Any]:
        if len(ids) == 1:
            return read(self._of_one, id=ids[0], **given)
        return read(self._of_many, ids=ids, **given)


_first_collection = aliased(Collection)
_PRODUCTS = _OfProducts(
    lambda wanted: (
        select(
            Product.id,
            Product.handle,
            Product.title,
            Product.product_type,
            func.coalesce(_first_collection.hue, Hue.BLUE.value).label("hue"),
        )
        .select_from(Product)
        .join(_first_collection, _first_collection.id == first_collection_id, isouter=True)
        .where(wanted(Product.id))
    )
)
SOLD = (
    Variant.id,
    Variant.combination,
    Variant.sku,
    Variant.barcode,
    PRICE,
    COMPARE_AT,
    Variant.currency,
    Variant.requires_shipping,
    Variant.tracked,
    Variant.policy,
    Variant.least_minor,
    Variant.most_minor,
    Variant.is_gift_card,
    (StockLevel.on_hand - StockLevel.reserved).label("available"),
    StockLevel.to_come,
    # Looked up only where nothing is there: most of the shop is.
    case((StockLevel.on_hand - StockLevel.reserved > 0, false()), else_=is_held(Variant.id)).label(
        "is_held"
    ),
    # Text is read as JSON only where there is a choice: hardly anywhere.
    case((Variant.least_minor.is_not(None), Variant.suggested)),
    SINCE,
    UNTIL,
    StockLevel.comes_on,
)
"""What is asked of a variant, in the order in which `variant_rows` reads it; JSON has another form
for the last four."""


def of_variants(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return a statement that asks for SOLD with all that it is asked of, at a moment."""
    counted = statement.select_from(Variant).join(
        StockLevel, StockLevel.variant_id == Variant.id, isouter=True
    )
    return with_changes(counted)


_VARIANTS = _OfProducts(
    lambda wanted: (
        of_variants(select(Variant.product_id, *SOLD))
        .where(wanted(Variant.product_id))
        .order_by(Variant.product_id, Variant.position, Variant.id)
    )
)
SHOWN = (Image.content_hash, Image.alt, Image.width, Image.height, Image.has_renditions)
_PLACED = (Image.product_id, Image.position, Image.id, *SHOWN)
_IMAGES = select(*_PLACED, null().label("variant_id"))
# From the variants on: a join from the other end would read the links of the whole catalogue.
_VARIANT_IMAGES = (
    select(*_PLACED, variant_image.c.variant_id)
    .select_from(Variant)
    .join(variant_image, variant_image.c.variant_id == Variant.id)
    .join(Image, and_(Image.id == variant_image.c.image_id, Image.product_id == Variant.product_id))
)
_PICTURES = _OfProducts(
    lambda wanted: union_all(
        _IMAGES.where(wanted(Image.product_id), Image.content_hash != ""),
        _VARIANT_IMAGES.where(wanted(Variant.product_id), Image.content_hash != ""),
    ).order_by("position", "id")
)
_OPTIONS = (
    select(
        Option.product_id,
        OptionValue.id,
        Option.name,
        OptionValue.value,
        OptionValue.swatch,
        variant_option_value.c.variant_id,
    )
    .select_from(Variant)
    .join(variant_option_value, variant_option_value.c.variant_id == Variant.id)
    .join(OptionValue, OptionValue.id == variant_option_value.c.option_value_id)
    .join(Option, Option.id == OptionValue.option_id)
    .order_by(Option.product_id, Option.position, OptionValue.position, OptionValue.id)
)
_VALUES = _OfProducts(lambda wanted: _OPTIONS.where(wanted(Variant.product_id)))
_COLOURS = _OfProducts(
    lambda wanted: _OPTIONS.where(
        wanted(Variant.product_id), func.lower(Option.name).in_(COLOUR_OPTIONS)
    )
)


def goods(ids: Sequence[int], *, now: datetime) -> Goods:
    """Read what cards show of all these products: three queries for any number.

    What the shop must tell of the lowest price before a reduction takes two more.
    """
    return Goods(variants(ids, now=now), pictures(ids), values(ids, colours_only=True))


def products(ids: Sequence[int]) -> dict[int, ProductRow]:
    return {row[0]: ProductRow(*row) for row in _PRODUCTS.read(ids)}


def variants(ids: Sequence[int], *, now: datetime) -> dict[int, list[VariantRow]]:
    """Return each product's variants in the currency of its first: one page, one currency."""
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for product_id, *row in _VARIANTS.read(ids, now=now):
        found[product_id].append(row)
    return variant_rows(found, now=now)


def variant_rows(
    found: Mapping[int, Iterable[Sequence[Any]]], *, now: datetime
) -> dict[int, list[VariantRow]]:
    """Return the variants of each product by rows of SOLD, given in the order of the product."""
    grouped = {product_id: _siblings(of_product) for product_id, of_product in found.items()}
    return _told_lawfully(grouped, now) if tells_lowest_price() else grouped


def _siblings(found: Iterable[Sequence[Any]]) -> list[VariantRow]:
    siblings: list[VariantRow] = []
    # Unpacked, because a listing reads hundreds of these rows.
    for row in found:
        variant_id, combination, sku, barcode, minor, was, currency, *rest = row
        is_sent, tracked, policy, least, most, is_gift_card, available, to_come, *rest = rest
        is_held, suggested, since, until, comes_on = rest
        if siblings and siblings[0].price.currency != currency:
            continue
        siblings.append(
            VariantRow(
                variant_id,
                combination,
                sku,
                barcode,
                Money(minor, currency),
                None if was is None else Money(was, currency),
                policy,
                (available or 0) if tracked else None,
                bool(is_sent),
                since,
                until,
                to_come,
                comes_on,
                bool(is_held),
                PriceChoice.of(least, most, suggested, currency),
                bool(is_gift_card),
            )
        )
    return siblings


def tells_lowest_price() -> bool:
    """Say whether this shop must name the lowest price of the last thirty days with a reduction."""
    options = db.session.connection().get_execution_options()
    return bool(options.get(TELLS_LOWEST_PRICE))


def struck_prices(
    reduced: Mapping[int, tuple[Money, Money]], *, now: datetime
) -> Mapping[int, Money]:
    """Return what is struck through beside each of these prices, given those they were before.

    Where the law asks for it that is the lowest of the last thirty days, or nothing.
    """
    if not (reduced and tells_lowest_price()):
        return {number: before for number, (_, before) in reduced.items()}
    lowest = lowest_prices(list(reduced), now)
    return {
        number: Money(lowest[number], price.currency)
        for number, (price, _) in reduced.items()
        if lowest.get(number, 0) > price.minor
    }


def _told_lawfully(
    grouped: dict[int, list[VariantRow]], now: datetime
) -> dict[int, list[VariantRow]]:
    """Strike through what was the lowest price before each reduction, and no other."""
    reduced = {
        v.variant_id: (v.price, v.compare_at)
        for siblings in grouped.values()
        for v in siblings
        if v.compare_at
    }
    struck = struck_prices(reduced, now=now)
    for siblings in grouped.values():
        siblings[:] = [
            v._replace(compare_at=struck.get(v.variant_id)) if v.compare_at else v for v in siblings
        ]
    return grouped


def pictures(ids: Sequence[int]) -> dict[int, Pictures]:
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for product_id, *row in _PICTURES.read(ids):
        found[product_id].append(row)
    return {product_id: pictures_of(of_product) for product_id, of_product in found.items()}


def pictures_of(found: Iterable[Sequence[Any]]) -> Pictures:
    """Return what these rows show of one product, given in the order in which they are shown."""
    gallery: dict[int, Picture] = {}
    firsts: dict[int, Picture] = {}
    for _position, image_id, content_hash, alt, width, height, has_renditions, variant_id in found:
        picture = gallery.get(image_id)
        if picture is None:
            shown = Picture(content_hash, alt, width, height, bool(has_renditions))
            picture = gallery[image_id] = shown
        if variant_id is not None:
            firsts.setdefault(variant_id, picture)
    return Pictures(tuple(gallery.values()), firsts)


def values(ids: Sequence[int], *, colours_only: bool) -> dict[int, list[ValueRow]]:
    """Return the option values that variants have, in the order in which they are chosen."""
    asked = _COLOURS if colours_only else _VALUES
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for product_id, *row in asked.read(ids):
        found[product_id].append(row)
    return {product_id: values_of(of_product) for product_id, of_product in found.items()}


def values_of(found: Iterable[Sequence[Any]]) -> list[ValueRow]:
    """Return the values of one product by rows that name each with one variant that has it."""
    names: dict[int, tuple[str, str, str]] = {}
    holders: dict[int, list[int]] = defaultdict(list)
    for value_id, option, value, colour, variant_id in found:
        names[value_id] = (option, value, colour)
        holders[value_id].append(variant_id)
    return [ValueRow(*name, frozenset(holders[value_id])) for value_id, name in names.items()]
