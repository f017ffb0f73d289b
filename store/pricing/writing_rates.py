"""Changes what it costs to send a parcel: the whole table at once, checked before it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from store.database import bump_public_version, db
from store.errors import InvalidError
from store.money import Money, smallest_charge_step
from store.pricing.countries import SHIPPABLE
from store.pricing.models import ShippingRate, ShippingZone
from store.pricing.places import MOST_REGIONS, wrong_region
from store.pricing.rates import PriceStep, RateKind
from store.pricing.shipping import EVERYWHERE_ELSE, MOST_OPTIONS, groups, rate_of
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
    regions: tuple[str, ...] = ()
    """States or postcodes of the zone's one country; none means all of it."""
    kind: RateKind = RateKind.FLAT
    steps: tuple[PriceStep, ...] = ()
    pickup_address: str = ""
    pickup_hours: str = ""


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
        first = of_zone[0]
        zone = ShippingZone(
            name=name,
            countries=list(first.countries),
            regions=list(first.regions),
            position=place,
        )
        zone.rates = [_rate(row, position) for position, row in enumerate(of_zone, start=1)]
        db.session.add(zone)
    db.session.flush()
    bump_public_version()


def _faults(rows: Sequence[RateRow]) -> list[tuple[int, str, str]]:
    """Return row, field and reason; reasons are words that views put into sentences."""
    faults = list[tuple[int, str, str]]()
    taken: dict[tuple[str, str], str] = {}
    zones: dict[str, RateRow] = {}
    sent: dict[str, int] = {}
    for place, row in enumerate(rows):
        first = zones.setdefault(row.zone, row)
        sent[row.zone] = sent.get(row.zone, 0) + (row.kind is not RateKind.PICKUP)
        found = [*_zone_faults(row, first, taken), *_rate_faults(row)]
        if sent[row.zone] > MOST_OPTIONS and row.kind is not RateKind.PICKUP:
            found.append(("name", "many"))
        if any(row.name == other.name and row.zone == other.zone for other in rows[:place]):
            found.append(("name", "twice"))
        faults += [(place, field, reason) for field, reason in found]
    return faults


def _zone_faults(
    row: RateRow, first: RateRow, taken: dict[tuple[str, str], str]
) -> Iterator[tuple[str, str]]:
    unknown = [c for c in row.countries if c != EVERYWHERE_ELSE and c not in SHIPPABLE]
    if unknown or not row.countries:
        yield "countries", "unknown"
    if first.countries != row.countries:
        yield "countries", "differ"
    if first.regions != row.regions:
        yield "regions", "differ"
    if row.regions and (len(row.countries) != 1 or unknown or EVERYWHERE_ELSE in row.countries):
        yield "regions", "one_country"
    elif row.regions and wrong_region(row.countries[0], row.regions):
        yield "regions", "unknown_region"
    if len(row.regions) > MOST_REGIONS:
        yield "regions", "many_regions"
    claims = [(country, region) for country in row.countries for region in row.regions or ("",)]
    if any(taken.setdefault(claim, row.zone) != row.zone for claim in claims):
        yield ("regions", "taken_region") if row.regions else ("countries", "taken")


def _rate_faults(row: RateRow) -> Iterator[tuple[str, str]]:
    if row.max_days < row.min_days:
        yield "max_days", "order"
    charged = [row.price, *(step.price for step in row.steps)]
    if any(price.minor % smallest_charge_step(price.currency) for price in charged):
        yield "price", "step"
    if row.kind is RateKind.PICKUP and row.price:
        yield "price", "pickup_free"
    if row.kind is RateKind.PICKUP and not row.pickup_address:
        yield "pickup_address", "where"
    if row.kind in {RateKind.WEIGHT, RateKind.VALUE} and not _rise(row.steps):
        yield "price", "rise"


def _rise(steps: Sequence[PriceStep]) -> bool:
    """Whether each step reaches farther than the one before, and only the last has no end."""
    bounds = [step.up_to for step in steps]
    ends = [bound for bound in bounds if bound is not None]
    is_open = [bound is None for bound in bounds]
    rises = all(first < second for first, second in pairwise(ends))
    return bool(steps) and rises and not any(is_open[:-1])


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


def _row(zone: ShippingZone, written: ShippingRate) -> RateRow:
    rate = rate_of(written)
    return RateRow(
        zone.name,
        tuple(zone.countries),
        rate.name,
        rate.price,
        rate.free_over,
        rate.min_days,
        rate.max_days,
        tuple(zone.regions),
        rate.kind,
        rate.steps,
        rate.pickup_address,
        rate.pickup_hours,
    )


def _rate(row: RateRow, position: int) -> ShippingRate:
    return ShippingRate(
        position=position,
        name=row.name,
        kind=row.kind,
        steps=[[step.up_to, step.price.minor] for step in row.steps],
        pickup_address=row.pickup_address,
        pickup_hours=row.pickup_hours,
        price_minor=row.price.minor,
        currency=row.price.currency,
        free_over_minor=row.free_over.minor if row.free_over else None,
        min_days=row.min_days,
        max_days=row.max_days,
    )
