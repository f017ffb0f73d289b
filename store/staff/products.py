"""Products as staff look for them: by words, by state, by what they belong to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from store.catalog import rows
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Product,
    ProductStatus,
    ProductTag,
    StockPolicy,
    Variant,
)
from store.catalog.presenting import Picture
from store.catalog.rows import Pictures, VariantRow
from store.database import db
from store.errors import NotFoundError
from store.inventory.models import StockLevel
from store.money import Money
from store.staff.key_set import Part, part_of

LONGEST_SEARCH = 100
MOST_WORDS = 6
MOST_CHOICES = 500


class Look(StrEnum):
    """The saved looks at the list."""

    ALL = "all"
    ACTIVE = "active"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ARCHIVED = "archived"
    SOLD_OUT = "sold_out"


class State(StrEnum):
    """What a product is to readers at this moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    ARCHIVED = "archived"


class NoSuchProductError(NotFoundError):
    """No product has this number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty where it is not."""

    look: Look = Look.ALL
    search: str = ""
    product_type: str = ""
    tag: str = ""
    collection_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProductLine:
    """One product in the list; the stock is None where nobody counts any of it."""

    product_id: int
    title: str
    handle: str
    product_type: str
    vendor: str
    state: State
    picture: Picture | None
    price_from: Money | None
    price_to: Money | None
    variants: int
    stock: int | None

    @property
    def is_sold_out(self) -> bool:
        return self.stock is not None and self.stock <= 0


def product_of(product_id: int) -> Product:
    """Return the product of this number; raises NoSuchProductError."""
    product = db.session.get(Product, product_id)
    if product is None:
        raise NoSuchProductError(f"no product {product_id}")
    return product


def products(wanted: Wanted, cursor: str, now: datetime) -> Part[ProductLine]:
    """Return products, what was changed last first."""
    statement = select(
        Product.id,
        Product.title,
        Product.handle,
        Product.product_type,
        Product.vendor,
        Product.status,
        Product.published_at,
        Product.unpublish_at,
    ).where(*_conditions(wanted, now))
    part = part_of(statement, [Product.updated_at, Product.id], cursor)
    ids = [row[0] for row in part.rows]
    variants, pictures = rows.variants(ids, now=now), rows.pictures(ids)
    lines = tuple(
        _line(row, variants.get(row[0], ()), pictures.get(row[0], Pictures()), now)
        for row in part.rows
    )
    return Part(lines, part.on, part.back)


def counts(now: datetime) -> dict[Look, int]:
    """Return how many products each look shows; sold out is not counted, it would ask too much."""
    asked = (Look.ALL, Look.ACTIVE, Look.DRAFT, Look.SCHEDULED, Look.ARCHIVED)
    columns = [func.count().filter(*_of_look(look, now)).label(look) for look in asked]
    found = db.session.execute(select(*columns).select_from(Product)).one()
    return dict(zip(asked, found, strict=True))


def state_of(
    status: str, published_at: datetime | None, unpublish_at: datetime | None, now: datetime
) -> State:
    if status != ProductStatus.ACTIVE:
        return State(status)
    if unpublish_at is not None and unpublish_at <= now:
        return State.ENDED
    return State.SCHEDULED if published_at is None or published_at > now else State.ACTIVE


def product_types() -> Sequence[str]:
    """Return the types in use."""
    return db.session.scalars(
        select(Product.product_type)
        .where(Product.product_type != "")
        .distinct()
        .order_by(Product.product_type)
        .limit(MOST_CHOICES)
    ).all()


def vendors() -> Sequence[str]:
    return db.session.scalars(
        select(Product.vendor)
        .where(Product.vendor != "")
        .distinct()
        .order_by(Product.vendor)
        .limit(MOST_CHOICES)
    ).all()


def tags() -> Sequence[str]:
    """Return the tags in use."""
    return db.session.scalars(
        select(ProductTag.tag).distinct().order_by(ProductTag.tag).limit(MOST_CHOICES)
    ).all()


def collections() -> Sequence[Collection]:
    """Return every collection in the shop's order."""
    return db.session.scalars(
        select(Collection).order_by(Collection.position, Collection.title)
    ).all()


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [*_of_look(wanted.look, now), *_speaks_of(wanted.search)]
    if wanted.product_type:
        conditions.append(Product.product_type == wanted.product_type)
    if wanted.tag:
        tagged = select(ProductTag.product_id).where(ProductTag.tag == wanted.tag)
        conditions.append(Product.id.in_(tagged))
    if wanted.collection_id is not None:
        members = select(CollectionProduct.product_id).where(
            CollectionProduct.collection_id == wanted.collection_id
        )
        conditions.append(Product.id.in_(members))
    return conditions


def _of_look(look: Look, now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_active = Product.status == ProductStatus.ACTIVE
    match look:
        case Look.ALL:
            return (Product.id > 0,)
        case Look.ACTIVE:
            return (rows.is_public(now),)
        case Look.SCHEDULED:
            return (is_active, Product.published_at > now)
        case Look.DRAFT | Look.ARCHIVED:
            return (Product.status == look.value,)
        case Look.SOLD_OUT:
            return (is_active, Product.id.not_in(_buyable()))


def _buyable() -> Select[int]:
    """Return the question which products have a variant that can be bought now."""
    # Asked once for all of them: one question a product would cost far more.
    available = StockLevel.on_hand - StockLevel.reserved
    return (
        select(Variant.product_id)
        .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
        .where(
            or_(Variant.tracked.is_(False), Variant.policy != StockPolicy.DENY, available > 0),
        )
    )


def _speaks_of(search: str) -> list[ColumnElement[bool]]:
    """Return that every word stands in the title, the vendor, a tag or a sku."""
    return [_has(word) for word in search[:LONGEST_SEARCH].split()[:MOST_WORDS]]


def _has(word: str) -> ColumnElement[bool]:
    return or_(
        _holds(Product.title, word),
        _holds(Product.vendor, word),
        Product.id.in_(select(Variant.product_id).where(_holds(Variant.sku, word))),
        Product.id.in_(select(ProductTag.product_id).where(_holds(ProductTag.tag, word))),
    )


def _holds(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], word: str
) -> ColumnElement[bool]:
    """Return that a column holds a word in whatever case."""
    escaped = re.sub(r"([%_\\\\])", r"\\\1", word)
    escape = "\\" if escaped != word else None
    # SQLite’s LIKE knows no case by itself, and is ten times as fast as one of lowered texts.
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    like = column.like if is_sqlite else column.ilike
    return like(f"%{escaped}%", escape=escape)


def _line(
    row: Any, variants: Sequence[VariantRow], pictures: Pictures, now: datetime
) -> ProductLine:
    product_id, title, handle, product_type, vendor, status, appears, ends = row
    prices = sorted(variants, key=lambda variant: variant.price.minor)
    counted = [variant.available for variant in variants if variant.available is not None]
    return ProductLine(
        product_id=product_id,
        title=title,
        handle=handle,
        product_type=product_type,
        vendor=vendor,
        state=state_of(status, appears, ends, now),
        picture=pictures.all[0] if pictures.all else None,
        price_from=prices[0].price if prices else None,
        price_to=prices[-1].price if prices else None,
        variants=len(variants),
        stock=sum(counted) if counted else None,
    )
