"""Prices for a time as staff set and take them back, each with an entry that can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.catalog.models import Product
from store.catalog.prices.changing import (
    OverlappingPriceError,
    PriceChangeRefusedError,
    PriceWanted,
    change_prices,
    changes_of,
    take_price_turn,
    withdraw,
)
from store.catalog.prices.models import PriceChange
from store.clock import Clock
from store.database import db
from store.money import Money
from store.services import Services
from store.staff.audit import (
    Actor,
    ChangedSinceError,
    NotUndoableError,
    Thing,
    Values,
    record,
)
from store.staff.models import AuditEntry
from store.staff.products import product_of

KIND = "prices"
FIELD = "prices"

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PricesWanted:
    """What a form means: prices by variant, from when (or now) until when (or for good)."""

    prices: Sequence[PriceWanted]
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class PriceTime:
    """All changes of a product that begin and end together."""

    starts_at: datetime
    ends_at: datetime | None
    is_now: bool
    changes: tuple[PriceChange, ...]


def price_times(product: Product, now: datetime) -> list[PriceTime]:
    """Return what changes the prices of a product now and later, by when it does."""
    grouped: dict[tuple[datetime, datetime | None], list[PriceChange]] = {}
    for change in changes_of(product.id, now):
        grouped.setdefault((change.starts_at, change.ends_at), []).append(change)
    return [
        PriceTime(starts_at, ends_at, starts_at <= now, tuple(changes))
        for (starts_at, ends_at), changes in grouped.items()
    ]


def set_prices(product: Product, wanted: PricesWanted, *, actor: Actor, services: Services) -> None:
    """Let prices change for a time; flushes only.

    Raises OverlappingPriceError and PriceChangeRefusedError.
    """
    take_price_turn(product.id)
    known = {change.id for change in changes_of(product.id, services.clock.now())}
    change_prices(
        product,
        wanted.prices,
        services.clock,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
    )
    made = [c for c in changes_of(product.id, services.clock.now()) if c.id not in known]
    _write_down("prices.set", product, (), made, actor=actor, services=services)


def take_back(
    product: Product, change_ids: Sequence[int], *, actor: Actor, services: Services
) -> bool:
    """Let these changes not begin, or end now; say whether any was left. Flushes only."""
    take_price_turn(product.id)
    changes = [c for c in changes_of(product.id, services.clock.now()) if c.id in change_ids]
    if changes:
        _write_down("prices.taken_back", product, changes, (), actor=actor, services=services)
    for change in changes:
        withdraw(change, services.clock)
    return bool(changes)


def thing_of(product: Product) -> Thing:
    return Thing(KIND, str(product.id), product.title)


class PricesUndo:
    """Takes back what was set; what was taken back holds again for the time that is left."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        product = db.session.get(Product, int(thing_id))
        if product is None:
            return None
        # A moment before all: what is over by now is told apart when it is put back.
        there = [_part(change) for change in changes_of(product.id, entry.at)]
        return {FIELD: [part for part in (entry.after or {}).get(FIELD, ()) if part in there]}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        product, now = product_of(int(entry.thing_id)), services.clock.now()
        take_price_turn(product.id)
        after: Sequence[Part] = (entry.after or {}).get(FIELD, ())
        wanted: Sequence[Part] = values.get(FIELD, ())
        if any(_is_over(part, now) for part in (*after, *wanted)):
            raise NotUndoableError(f"the time of entry {entry.id} is over")
        for change in changes_of(product.id, now):
            if _part(change) in after:
                withdraw(change, services.clock)
        try:
            for part in wanted:
                _set_again(product, part, services.clock)
        except (OverlappingPriceError, PriceChangeRefusedError, KeyError) as error:
            raise ChangedSinceError(values, None) from error


def _set_again(product: Product, part: Part, clock: Clock) -> None:
    starts_at, ends_at = _moment(part["starts_at"]), _moment(part["ends_at"])
    price = Money(part["price"]["minor"], part["price"]["currency"])
    change_prices(
        product,
        [PriceWanted(part["variant_id"], price)],
        clock,
        starts_at=max(starts_at, clock.now()) if starts_at else None,
        ends_at=ends_at,
    )


def _write_down(
    act: str,
    product: Product,
    before: Sequence[PriceChange],
    after: Sequence[PriceChange],
    *,
    actor: Actor,
    services: Services,
) -> None:
    record(
        actor,
        act,
        thing_of(product),
        clock=services.clock,
        before={FIELD: [_part(change) for change in before]},
        after={FIELD: [_part(change) for change in after]},
    )


def _part(change: PriceChange) -> dict[str, Any]:
    return {
        "variant_id": change.variant_id,
        "name": change.variant.combination,
        "price": {"minor": change.price_minor, "currency": change.currency},
        "starts_at": change.starts_at.isoformat(),
        "ends_at": change.ends_at.isoformat() if change.ends_at else None,
    }


def _is_over(part: Part, now: datetime) -> bool:
    ends_at = _moment(part["ends_at"])
    return ends_at is not None and ends_at <= now


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
