"""Stock as staff look at it: every number with what explains it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select, text

from store.catalog.models import Collection, CollectionProduct, Product, ProductStatus, Variant
from store.database import db
from store.errors import NotFoundError
from store.inventory.models import IS_LOW, Reservation, StockLevel, StockMovement
from store.inventory.reservations import is_promised
from store.inventory.stock import LOW_STOCK
from store.orders.models import Order, OrderLine
from store.staff.key_set import Part, part_of

LONGEST_SEARCH = 100
MOST_COUNTED = 200
"""Rows of one counting form: more than a person counts before she saves."""


class Narrowed(StrEnum):
    """The saved looks at the shelves."""

    ALL = "all"
    LOW = "low"
    OUT = "out"
    SHORT = "short"
    UNCOUNTED = "uncounted"


class NoSuchVariantError(NotFoundError):
    """No variant has this number."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One variant and what lies of it; the numbers are None where nobody counts."""

    variant_id: int
    product_id: int
    title: str
    combination: str
    sku: str
    on_hand: int | None
    reserved: int | None
    shortage: int | None

    @property
    def available(self) -> int | None:
        return None if self.on_hand is None else self.on_hand - (self.reserved or 0)

    @property
    def name(self) -> str:
        return f"{self.title} · {self.combination}" if self.combination else self.title


@dataclass(frozen=True, slots=True)
class Promise:
    """Units of a shelf that belong to an order already."""

    number: str
    order_state: str
    state: str
    quantity: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A movement with what lay there after it."""

    movement: StockMovement
    balance: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a number is what it is: movements sum to what lies there, promises to the reserved."""

    shelf: Shelf
    steps: tuple[Step, ...]
    part: Part[StockMovement]
    moved: int
    promises: tuple[Promise, ...]

    @property
    def promised(self) -> int:
        return sum(promise.quantity for promise in self.promises)

    @property
    def adds_up(self) -> bool:
        shelf = self.shelf
        return shelf.on_hand is None or (
            shelf.on_hand == self.moved and shelf.reserved == self.promised
        )


def shelves(
    narrowed: Narrowed, search: str, cursor: str, *, collection_id: int | None = None
) -> Part[Shelf]:
    """Return shelves in the order of titles, those of archived products left out."""
    wanted = _rows().where(Product.status != ProductStatus.ARCHIVED, *_is(narrowed))
    if collection_id is not None:
        wanted = wanted.where(Product.id.in_(_members(collection_id)))
    if search:
        wanted = wanted.where(_speaks_of(search))
    part = part_of(wanted, [Product.title, Variant.id], cursor, is_descending=False)
    return Part(tuple(Shelf(*row) for row in part.rows), part.on, part.back)


def shelves_to_count(search: str, collection_id: int | None) -> Sequence[Shelf]:
    """Return counted shelves for a stock-take, at most MOST_COUNTED and one that says: more."""
    wanted = _rows().where(Product.status != ProductStatus.ARCHIVED, Variant.tracked)
    if collection_id is not None:
        wanted = wanted.where(Product.id.in_(_members(collection_id)))
    if search:
        wanted = wanted.where(_speaks_of(search))
    ordered = wanted.order_by(Product.title, Variant.position, Variant.id).limit(MOST_COUNTED + 1)
    return [Shelf(*row) for row in db.session.execute(ordered)]


def shelves_of(variant_ids: Sequence[int]) -> dict[int, Shelf]:
    rows = db.session.execute(_rows().where(Variant.id.in_(variant_ids)))
    return {shelf.variant_id: shelf for shelf in (Shelf(*row) for row in rows)}


def shelf_of(variant_id: int) -> Shelf:
    """Return one shelf as it is now; raises NoSuchVariantError."""
    found = shelves_of([variant_id])
    if variant_id not in found:
        raise NoSuchVariantError(f"no variant {variant_id}")
    return found[variant_id]


def counts() -> dict[Narrowed, int]:
    """Return how many shelves need a look, by kind."""
    asked = (Narrowed.LOW, Narrowed.OUT, Narrowed.SHORT)
    return {narrowed: _number(narrowed) for narrowed in asked}


def low_counts() -> tuple[int, int]:
    """Return how many shelves run low and how many are sold out; only those few are looked at."""
    available = StockLevel.on_hand - StockLevel.reserved
    low, out = db.session.execute(
        select(
            func.count().filter(available > 0),
            func.count().filter(available <= 0),
        )
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(text(IS_LOW), Product.status != ProductStatus.ARCHIVED)
    ).one()
    return low, out


def explain(variant_id: int, cursor: str) -> Explanation:
    """Return what a shelf's numbers are made of; raises NoSuchVariantError."""
    shelf = shelf_of(variant_id)
    movements = select(StockMovement).where(StockMovement.variant_id == variant_id)
    part = part_of(movements, [StockMovement.id], cursor)
    moved = db.session.scalar(_moved(variant_id)) or 0
    return Explanation(
        shelf, _with_balances(variant_id, part.rows), part, int(moved), _promises(variant_id)
    )


def _rows() -> Select[int, int, str, str, str, int, int, int]:
    return (
        select(
            Variant.id,
            Product.id,
            Product.title,
            Variant.combination,
            func.coalesce(Variant.sku, ""),
            StockLevel.on_hand,
            StockLevel.reserved,
            StockLevel.shortage,
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
    )


def _is(narrowed: Narrowed) -> tuple[ColumnElement[bool], ...]:
    available = StockLevel.on_hand - StockLevel.reserved
    match narrowed:
        case Narrowed.ALL:
            return ()
        case Narrowed.LOW:
            return (available.between(1, LOW_STOCK),)
        case Narrowed.OUT:
            return (available <= 0,)
        case Narrowed.SHORT:
            return (StockLevel.shortage > 0,)
        case Narrowed.UNCOUNTED:
            return (Variant.tracked.is_(False),)


def _number(narrowed: Narrowed) -> int:
    wanted = (
        select(func.count())
        .select_from(StockLevel)
        .join(Variant, Variant.id == StockLevel.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.status != ProductStatus.ARCHIVED, *_is(narrowed))
    )
    return db.session.scalars(wanted).one()


def _members(collection_id: int) -> Select[int]:
    return select(CollectionProduct.product_id).where(
        CollectionProduct.collection_id == collection_id
    )


def _speaks_of(search: str) -> ColumnElement[bool]:
    text = search[:LONGEST_SEARCH]
    return Product.title.icontains(text, autoescape=True) | Variant.sku.icontains(
        text, autoescape=True
    )


def _moved(variant_id: int) -> Select[int]:
    return select(func.sum(StockMovement.delta)).where(StockMovement.variant_id == variant_id)


def _with_balances(variant_id: int, movements: Sequence[StockMovement]) -> tuple[Step, ...]:
    if not movements:
        return ()
    until = _moved(variant_id).where(StockMovement.id <= movements[0].id)
    balance = int(db.session.scalar(until) or 0)
    steps = []
    for movement in movements:
        steps.append(Step(movement, balance))
        balance -= movement.delta
    return tuple(steps)


def _promises(variant_id: int) -> tuple[Promise, ...]:
    rows = db.session.execute(
        select(
            Order.number,
            Order.state,
            Reservation.state,
            Reservation.quantity,
            Reservation.expires_at,
        )
        .join(OrderLine, OrderLine.id == Reservation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Reservation.variant_id == variant_id, is_promised())
        .order_by(Reservation.id)
    )
    return tuple(Promise(*row) for row in rows)


def collections() -> Sequence[tuple[int, str]]:
    """Return every collection as a choice."""
    rows = db.session.execute(select(Collection.id, Collection.title).order_by(Collection.title))
    return [(number, title) for number, title in rows]
