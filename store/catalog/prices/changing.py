"""Lets prices change at a moment and back, and takes such changes back, also while they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import or_, select

from store.catalog.models import Product, Variant
from store.catalog.prices.models import PriceChange
from store.catalog.prices.writing import set_price
from store.clock import Clock
from store.database import bump_public_version, db, take_turn
from store.errors import ConflictError, InvalidError, NotFoundError
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.money import Money

GRACE = timedelta(minutes=1)
"""Forms know minutes only: what was to begin in this one begins now."""


class PriceChangeRefusedError(InvalidError):
    """The change would begin in the past, or end before it begins."""

    def __init__(self, *, begins_in_past: bool, ends_before_it_begins: bool) -> None:
        super().__init__("no time for another price")
        self.begins_in_past, self.ends_before_it_begins = begins_in_past, ends_before_it_begins


class NoSuchPriceChangeError(NotFoundError):
    """No change of this product has this number, or it is over."""


class OverlappingPriceError(ConflictError):
    """Another change of this variant holds in part of the same time."""

    def __init__(self, variant: Variant, other: PriceChange) -> None:
        super().__init__(f"variant {variant.id} has another price from {other.starts_at}")
        self.combination = variant.combination
        self.starts_at, self.ends_at = other.starts_at, other.ends_at


@dataclass(frozen=True, slots=True)
class FollowPrices(Job):
    """Do for one product what a price that changed by itself leaves to do."""

    kind: ClassVar[str] = "catalog.follow_prices"

    product_id: int


@dataclass(frozen=True, slots=True)
class PriceWanted:
    """What one variant is to cost; the price before is told where compare-at says it."""

    variant_id: int
    price: Money
    compare_at: Money | None = None


@dataclass(frozen=True, slots=True)
class DuePrice:
    """What a variant costs for good since a moment that is over, and nobody has written yet."""

    price: Money
    compare_at: Money | None


def take_price_turn(product_id: int) -> None:
    """Let nobody else change the prices of a product until the open scope has ended.

    Whoever decides by what changes_of says takes it before asking.
    """
    take_turn(f"prices:{product_id}")


def change_prices(
    product: Product,
    wanted: Sequence[PriceWanted],
    clock: Clock,
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> None:
    """Let variants of the product cost something else in this time; flushes only.

    Without a start it is from now on, without an end for good. Raises PriceChangeRefusedError and
    OverlappingPriceError; then nothing is changed.
    """
    now = clock.now()
    begins = beginning(starts_at, ends_at, now)
    take_price_turn(product.id)
    # What began for good has no end while it waits to be settled, and would leave no room.
    settle_prices([product.id], clock)
    variants = {variant.id: variant for variant in product.variants}
    for one in wanted:
        variant = variants[one.variant_id]
        _refuse_overlap(variant, begins, ends_at)
        db.session.add(
            PriceChange(
                variant_id=variant.id,
                price=one.price,
                compare_at_minor=one.compare_at.minor if one.compare_at else None,
                is_sale=ends_at is not None,
                starts_at=begins,
                ends_at=ends_at,
                created_at=now,
            )
        )
        db.session.flush()
    _follow_later(product.id, (begins, ends_at), clock)
    bump_public_version()


def beginning(starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> datetime:
    """Return when a change of this time begins; raises PriceChangeRefusedError with every fault."""
    begins_in_past = starts_at is not None and starts_at <= now - GRACE
    begins = now if starts_at is None or now - GRACE < starts_at < now else starts_at
    ends_before_it_begins = ends_at is not None and ends_at <= begins
    if begins_in_past or ends_before_it_begins:
        raise PriceChangeRefusedError(
            begins_in_past=begins_in_past, ends_before_it_begins=ends_before_it_begins
        )
    return begins


def withdraw(change: PriceChange, clock: Clock) -> None:
    """Let a change not begin, or end now; what it was until now stays written. Flushes only.

    Raises NoSuchPriceChangeError where it is over, or somebody took it back meanwhile.
    """
    now, change_id, product_id = clock.now(), change.id, change.variant.product_id
    take_price_turn(product_id)
    if not _still_stands(change_id, now):
        raise NoSuchPriceChangeError(f"price change {change_id} is over")
    if change.starts_at >= now:
        db.session.delete(change)
    else:
        change.ends_at = now
    db.session.flush()
    _follow_later(product_id, (now,), clock)
    bump_public_version()


def changes_of(product_id: int, now: datetime) -> Sequence[PriceChange]:
    """Return what changes the prices of a product now and later, in the order of its variants."""
    return db.session.scalars(
        select(PriceChange)
        .join(Variant, Variant.id == PriceChange.variant_id)
        .where(
            Variant.product_id == product_id,
            or_(PriceChange.ends_at.is_(None), PriceChange.ends_at > now),
        )
        .order_by(PriceChange.starts_at, Variant.position, Variant.id)
    ).all()


def settle_prices(product_ids: Iterable[int], clock: Clock) -> None:
    """Make prices that changed for good the variants' own; readers see no difference. Flushes only.

    From then on such a price is edited like any other.
    """
    now = clock.now()
    settled = {change.variant.product_id for change in _begun_for_good(product_ids, now)}
    for product_id in sorted(settled):
        take_price_turn(product_id)
    # Asked again: what was taken back before our turn came is nobody's own price.
    begun = _begun_for_good(settled, now) if settled else ()
    for change in begun:
        set_price(change.variant, change.price, change.compare_at, now)
        if change.starts_at == now:
            db.session.delete(change)
        else:
            change.ends_at = now
    db.session.flush()
    if begun:
        # Nothing looks different, but what is noted of it must come out with a version.
        bump_public_version()


def due_prices(product_ids: Iterable[int], now: datetime) -> Mapping[int, DuePrice]:
    """Return by variant what settling would make its own price; for whoever only reads."""
    begun = _begun_for_good(product_ids, now)
    return {change.variant_id: DuePrice(change.price, change.compare_at) for change in begun}


def _begun_for_good(product_ids: Iterable[int], now: datetime) -> Sequence[PriceChange]:
    return db.session.scalars(
        select(PriceChange)
        .join(Variant, Variant.id == PriceChange.variant_id)
        .where(
            Variant.product_id.in_(list(product_ids)),
            Variant.currency == PriceChange.currency,
            PriceChange.starts_at <= now,
            PriceChange.ends_at.is_(None),
        )
    ).all()


def _still_stands(change_id: int, now: datetime) -> bool:
    """Say whether the change is there and not over; what was read of it before is read anew."""
    found = db.session.scalars(
        select(PriceChange)
        .where(PriceChange.id == change_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return found is not None and (found.ends_at is None or found.ends_at > now)


def _refuse_overlap(variant: Variant, begins: datetime, ends_at: datetime | None) -> None:
    overlapping = [
        PriceChange.variant_id == variant.id,
        or_(PriceChange.ends_at.is_(None), PriceChange.ends_at > begins),
    ]
    if ends_at is not None:
        overlapping.append(PriceChange.starts_at < ends_at)
    other = db.session.scalars(
        select(PriceChange).where(*overlapping).order_by(PriceChange.starts_at).limit(1)
    ).one_or_none()
    if other is not None:
        raise OverlappingPriceError(variant, other)


def _follow_later(product_id: int, moments: Iterable[datetime | None], clock: Clock) -> None:
    for moment in moments:
        if moment is not None:
            delay = max(timedelta(), moment - clock.now())
            enqueue(FollowPrices(product_id), clock, delay=delay)
