"""Changes what it costs to send a parcel: the whole table at once, checked before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from store.database import bump_public_version, db
from store.errors import InvalidError
from store.money import Money, smallest_charge_step
from store.pricing.countries import SHIPPABLE
from store.pricing.models import ShippingRate, ShippingZone
from store.pricing.shipping import EVERYWHERE_ELSE, groups
from store.settings import Settings

MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class RateRow:
    """One way to send into one zone; rows of the same zone name share their countries."""

    zone: str
    countries: tuple[str, ...]
    """Codes of ISO 3166, or "*" for all that no other zone names."""
    name: str
    price: Money
    free_over: Money | None
    min_days: int
    max_days: int


class RatesRefusedError(InvalidError):
    """The table contradicts itself; faults name the row and say how."""

    def __init__(self, faults: Sequence[tuple[int, str, str]]) -> None:
        super().__init__(f"{len(faults)} rows are wrong")
        self.faults = faults


def rate_rows(settings: Settings) -> tuple[list[RateRow], bool]:
    """Return the table as it counts now, and whether it still is the one that ships."""
    rows = written_rows()
    if rows:
        return rows, False
    shipped = groups(settings)
    shown = [
        RateRow(
            group.name,
            group.countries if place < len(shipped) - 1 else (EVERYWHERE_ELSE,),
            rate.name,
            rate.price,
            rate.free_over,
            rate.min_days,
            rate.max_days,
        )
        for place, group in enumerate(shipped)
        for rate in group.rates
    ]
    return shown, True


def written_rows() -> list[RateRow]:
    """Return the table that staff wrote; empty where the one that ships counts."""
    return [_row(zone, rate) for zone in _zones() for rate in zone.rates]


def write_rates(rows: Sequence[RateRow]) -> None:
    """Put this table in the place of the old one; none at all brings back the one that ships.

    Flushes only. Raises RatesRefusedError.
    """
    faults = _faults(rows)
    if faults:
        raise RatesRefusedError(faults)
    db.session.execute(delete(ShippingRate))
    db.session.execute(delete(ShippingZone))
    for place, (name, of_zone) in enumerate(_by_zone(rows).items(), start=1):
        zone = ShippingZone(name=name, countries=list(of_zone[0].countries), position=place)
        zone.rates = [_rate(row, position) for position, row in enumerate(of_zone, start=1)]
        db.session.add(zone)
    db.session.flush()
    bump_public_version()


def _faults(rows: Sequence[RateRow]) -> list[tuple[int, str, str]]:
    """Return row, field and reason; reasons are words that views put into sentences."""
    faults, taken = list[tuple[int, str, str]](), dict[str, str]()
    countries: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(rows):
        unknown = [c for c in row.countries if c != EVERYWHERE_ELSE and c not in SHIPPABLE]
        if unknown or not row.countries:
            faults.append((place, "countries", "unknown"))
        if countries.setdefault(row.zone, row.countries) != row.countries:
            faults.append((place, "countries", "differ"))
        if any(taken.setdefault(country, row.zone) != row.zone for country in row.countries):
            faults.append((place, "countries", "taken"))
        if row.max_days < row.min_days:
            faults.append((place, "max_days", "order"))
        if row.price.minor % smallest_charge_step(row.price.currency):
            faults.append((place, "price", "step"))
    return faults


def _by_zone(rows: Sequence[RateRow]) -> Mapping[str, list[RateRow]]:
    zones: dict[str, list[RateRow]] = {}
    for row in rows:
        zones.setdefault(row.zone, []).append(row)
    return zones


def _zones() -> Sequence[ShippingZone]:
    return db.session.scalars(
        select(ShippingZone)
        .options(selectinload(ShippingZone.rates))
        .order_by(ShippingZone.position, ShippingZone.id)
    ).all()


def _row(zone: ShippingZone, rate: ShippingRate) -> RateRow:
    return RateRow(
        zone.name,
        tuple(zone.countries),
        rate.name,
        rate.price,
        rate.free_over,
        rate.min_days,
        rate.max_days,
    )


def _rate(row: RateRow, position: int) -> ShippingRate:
    return ShippingRate(
        position=position,
        name=row.name,
        price_minor=row.price.minor,
        currency=row.price.currency,
        free_over_minor=row.free_over.minor if row.free_over else None,
        min_days=row.min_days,
        max_days=row.max_days,
    )
