"""Answers what the lowest price was before a reduction: Directive 98/6/EC, Article 6a.

Whoever announces a reduction in the European Union names the lowest price of at least the thirty
days before it began: https://eur-lex.europa.eu/eli/dir/1998/6/2022-05-28
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from sqlalchemy import BindParameter, bindparam, select

from store.catalog.models import Variant
from store.catalog.prices.current import NOW
from store.catalog.prices.models import PriceChange, PriceEntry
from store.database import db

LOOKS_BACK = timedelta(days=30)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Period:
    """A price from a moment until the next period's; none where nobody knows what it was."""

    at: datetime
    minor: int | None
    is_reduced: bool


@dataclass(frozen=True, slots=True)
class Spell:
    """A price that came over the variant's own for a time; without an end it is for good."""

    starts_at: datetime
    ends_at: datetime | None
    minor: int
    compare_at: int | None = None
    is_sale: bool = False

    def holds(self, moment: datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)

    def is_reduced(self, own: Period | None) -> bool:
        """Say whether a higher price stands struck through beside it: given, or its own."""
        if self.compare_at is not None or not self.is_sale:
            return self.compare_at is not None
        return own is not None and own.minor is not None and self.minor < own.minor


def lowest_before(entries: Sequence[Period], spells: Sequence[Spell], now: datetime) -> int | None:
    """Return the lowest price of the thirty days before the reduction of this moment began.

    None while there is no reduction, or no price that anybody asked before it.
    """
    shown = _periods(entries, spells, now)
    if not shown or not shown[-1].is_reduced:
        return None
    first = len(shown) - 1
    while first and _is_same_reduction(shown[first - 1], shown[first]):
        first -= 1
    earliest = shown[first].at - LOOKS_BACK
    before = [
        period.minor
        for period, following in pairwise(shown[: first + 1])
        if period.minor is not None and following.at > earliest
    ]
    return min(before, default=None)


def lowest_prices(variant_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Return for those of these variants whose price is reduced now what it was before at least."""
    entries, spells = _entries(variant_ids, now), _spells(variant_ids, now)
    found = {
        number: lowest_before(entries.get(number, ()), spells.get(number, ()), now)
        for number in variant_ids
    }
    return {number: minor for number, minor in found.items() if minor is not None}


def _periods(entries: Sequence[Period], spells: Sequence[Spell], now: datetime) -> Sequence[Period]:
    """Return every price that readers were asked for, one after the other, until now."""
    moments = {entry.at for entry in entries} | {spell.starts_at for spell in spells}
    moments |= {spell.ends_at for spell in spells if spell.ends_at is not None}
    periods = []
    for moment in sorted(moment for moment in moments if moment <= now):
        spell = next((spell for spell in spells if spell.holds(moment)), None)
        own = next((entry for entry in reversed(entries) if entry.at <= moment), None)
        if spell is not None:
            periods.append(Period(moment, spell.minor, spell.is_reduced(own)))
        else:
            periods.append(replace(own, at=moment) if own else Period(moment, None, False))
    return periods


def _is_same_reduction(one: Period, following: Period) -> bool:
    return one.is_reduced and one.minor == following.minor


def _entries(variant_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Period]]:
    rows = db.session.connection().execute(_ENTRIES, {"ids": list(variant_ids), "now": now})
    return _by_variant((row[0], Period(*row[1:])) for row in rows)


def _spells(variant_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Spell]]:
    rows = db.session.connection().execute(_SPELLS, {"ids": list(variant_ids), "now": now})
    return _by_variant((row[0], Spell(*row[1:])) for row in rows)


def _by_variant(parts: Iterable[tuple[int, Part]]) -> Mapping[int, Sequence[Part]]:
    grouped: dict[int, list[Part]] = defaultdict(list)
    for number, part in parts:
        grouped[number].append(part)
    return grouped


_IDS: BindParameter[int] = bindparam("ids", expanding=True)
# What was asked in money that the shop no longer takes cannot be compared.
_ENTRIES = (
    select(PriceEntry.variant_id, PriceEntry.at, PriceEntry.price_minor, PriceEntry.is_reduced)
    .join(Variant, Variant.id == PriceEntry.variant_id)
    .where(
        PriceEntry.variant_id.in_(_IDS),
        PriceEntry.at <= NOW,
        PriceEntry.currency == Variant.currency,
    )
    .order_by(PriceEntry.at, PriceEntry.id)
)
_SPELLS = (
    select(
        PriceChange.variant_id,
        PriceChange.starts_at,
        PriceChange.ends_at,
        PriceChange.price_minor,
        PriceChange.compare_at_minor,
        PriceChange.is_sale,
    )
    .join(Variant, Variant.id == PriceChange.variant_id)
    .where(
        PriceChange.variant_id.in_(_IDS),
        PriceChange.starts_at <= NOW,
        PriceChange.currency == Variant.currency,
    )
)
