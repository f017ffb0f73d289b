"""What an order would have cost in other parts of its country, remembered with the order.

The pay page can be held to countries and no further: whoever types another state there is told
apart by this when she has paid, by the prices of the day on which she ordered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.catalog.models import TaxClass
from store.money import Money
from store.pricing.places import Place, asked_for, find_area, is_certain
from store.pricing.rates import Parcel, ShippingGroup
from store.pricing.shipping import options_of
from store.pricing.tax import Taxes, TaxRule

Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Zone:
    """A part of the country with what each way to send it would have cost, by its name."""

    countries: tuple[str, ...]
    regions: tuple[str, ...]
    prices: Mapping[str, int]


def parts_of(
    country: str, among: Sequence[ShippingGroup], terms: Taxes, parcel: Parcel | None
) -> Kept:
    """Return what the parts of a country cost, as JSON; nothing where all of it costs the same.

    Without a parcel nothing is sent, and only tax can differ.
    """
    zones = [group for group in among if country in group.countries] if parcel else []
    is_regional = bool(asked_for(country, zones))
    rules = () if terms.is_by_stripe else terms.regional(country)
    if not is_regional and not rules:
        return {}
    return {
        "zones": [_kept_zone(zone, parcel) for zone in zones if parcel] if is_regional else [],
        "taxes": [
            [list(rule.regions), rule.tax_class.value, rule.millionths, rule.name] for rule in rules
        ],
    }


def objection(kept: Kept, reckoned: Place, typed: Place, *, way: str, paid: Money) -> str:
    """Say in plain words why what was paid does not lead where somebody typed, or nothing.

    way and paid are how it was to be sent, and for how much.
    """
    if not kept:
        return ""
    place = _named(typed)
    zones = [_Zone((typed.country,), tuple(r), prices) for r, prices in kept["zones"]]
    taxes = Taxes(tuple(_rule(typed.country, *told) for told in kept["taxes"]))
    if not is_certain(typed, (*asked_for(typed.country, zones), *taxes.asked_for(typed.country))):
        return f"{place} is no part of {typed.country} that the rates know"
    dearer = _dearer(zones, typed, way, paid.minor)
    if dearer is not None:
        return f"sending it to {place} costs {dearer}, {paid.minor} was paid"
    if taxes.rules and taxes.rates(typed) != taxes.rates(reckoned):
        return f"other tax rates hold in {place} than those that were paid"
    return ""


def price_at(kept: Kept, typed: Place, way: str) -> int | None:
    """Return what this way to send it cost there that day; None where all places cost the same."""
    zones = [_Zone((typed.country,), tuple(r), p) for r, p in kept["zones"]] if kept else []
    if not zones or not is_certain(typed, asked_for(typed.country, zones)):
        return None
    zone = find_area(typed, zones)
    if zone is None or not zone.prices:
        return None
    return zone.prices.get(way, min(zone.prices.values()))


def _named(typed: Place) -> str:
    """Return what to call the place; reasons are kept with semicolons between."""
    said = typed.state or typed.postcode or typed.country
    return said.replace(";", ",")[:40]


def _dearer(zones: Sequence[_Zone], typed: Place, way: str, paid: int) -> int | str | None:
    """Return what it costs there when that is more than was paid."""
    if not zones:
        return None
    zone = find_area(typed, zones)
    if zone is None or not zone.prices:
        return "more than any rate says"
    price = zone.prices.get(way, min(zone.prices.values()))
    return price if price > paid else None


def _kept_zone(zone: ShippingGroup, parcel: Parcel) -> list[Any]:
    prices = {o.name: o.price.minor for o in options_of(zone, parcel) if not o.is_pickup}
    return [list(zone.regions), prices]


def _rule(
    country: str, regions: Sequence[str], tax_class: str, millionths: int, name: str
) -> TaxRule:
    return TaxRule(name, country, tuple(regions), TaxClass(tax_class), millionths)
