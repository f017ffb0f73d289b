"""What it costs to send a parcel: rates by group of places, and which group a place is in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from store.catalog.delivery import Delivery
from store.database import db
from store.money import Money
from store.pricing.countries import SHIPPABLE
from store.pricing.default_rates import default_groups
from store.pricing.models import ShippingRate, ShippingZone
from store.pricing.places import Part, Place, asked_for, find_area, is_certain
from store.pricing.rates import Parcel, PriceStep, Rate, RateKind, ShippingGroup
from store.pricing.totals import chargeable
from store.settings import Settings

EVERYWHERE_ELSE = "*"


MOST_OPTIONS = 5
"""More ways to send than that no pay page of Stripe's offers."""


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """A rate as it is for these goods; days are working days."""

    name: str
    price: Money
    min_days: int
    max_days: int
    is_pickup: bool = False
    pickup_address: str = ""
    pickup_hours: str = ""


class Hindrance(StrEnum):
    """Why nothing can be sent to a place."""

    NO_ZONE = "no_zone"
    NO_RATE = "no_rate"
    TOO_HEAVY = "too_heavy"
    PLACE_UNKNOWN = "place_unknown"


@dataclass(frozen=True, slots=True)
class ShippingQuote:
    """What sending to a place costs; no options where we do not send, or nothing is sent."""

    place: Place
    group_name: str
    countries: tuple[str, ...]
    options: tuple[ShippingOption, ...]
    is_needed: bool
    until_free: Money | None
    """What more to buy for free shipping, when it can be had."""
    asked_for: tuple[Part, ...] = ()
    """What else than the country must be known of the place."""
    hindrance: Hindrance | None = None
    picked: str = ""

    @property
    def country(self) -> str:
        return self.place.country

    @property
    def is_possible(self) -> bool:
        return bool(self.options) or not self.is_needed

    @property
    def chosen(self) -> ShippingOption | None:
        """The option that the reader picked, else the first: the one that the cart reckons with."""
        first = self.options[0] if self.options else None
        return next((option for option in self.options if option.name == self.picked), first)

    @property
    def sent(self) -> tuple[ShippingOption, ...]:
        """The ways to send it that a pay page can offer, the chosen one first."""
        sent = [option for option in self.options if not option.is_pickup]
        return tuple(sorted(sent, key=lambda option: option != self.chosen))


def groups(settings: Settings) -> tuple[ShippingGroup, ...]:
    """Return all groups with rates in the shop's currency: those of staff, else those we ship.

    A zone none of whose rates is in this currency stays, without any: nothing is sent there.
    """
    found_zones = db.session.scalars(
        select(ShippingZone)
        .options(joinedload(ShippingZone.rates))
        .order_by(ShippingZone.position, ShippingZone.id)
    )
    zones = found_zones.unique().all()
    if not zones:
        return default_groups(settings.country, settings.currency)
    named = set(chain.from_iterable(zone.countries for zone in zones if not zone.regions))
    found = (_group_of(zone, named, settings.currency) for zone in zones)
    return tuple(group for group in found if group.countries)


def quote(
    place: Place,
    parcel: Parcel,
    *,
    among: Sequence[ShippingGroup],
    requires_shipping: bool = True,
    picked: str = "",
) -> ShippingQuote:
    """Say what sending this there costs; a place that is not certain has no options."""
    group = find_group(place, among)
    parts = asked_for(place.country, among)
    quoted = ShippingQuote(
        place,
        group.name if group else "",
        group.countries if group else (),
        options=(),
        is_needed=requires_shipping,
        until_free=None,
        asked_for=parts,
        picked=picked,
    )
    if not requires_shipping:
        return replace(quoted, asked_for=())
    if not is_certain(place, parts):
        return replace(quoted, hindrance=Hindrance.PLACE_UNKNOWN)
    if group is None:
        return replace(quoted, hindrance=Hindrance.NO_ZONE)
    options = options_of(group, parcel)
    if not options:
        reason = Hindrance.TOO_HEAVY if group.rates else Hindrance.NO_RATE
        return replace(quoted, hindrance=reason)
    return replace(quoted, options=options, until_free=_until_free(group, parcel))


def find_group(place: Place, among: Sequence[ShippingGroup]) -> ShippingGroup | None:
    """Return the group that a place is in, the most specific one."""
    return find_area(place, among)


def group_of(country: str, among: Sequence[ShippingGroup]) -> ShippingGroup | None:
    """Return the group of all of a country; None where its parts cost different prices."""
    if asked_for(country, among):
        return None
    return find_group(Place(country), among)


def reachable(among: Sequence[ShippingGroup]) -> tuple[str, ...]:
    """Return the countries that something can be sent to or picked up in, each once."""
    codes = [country for group in among if group.rates for country in group.countries]
    return tuple(dict.fromkeys(codes))


def delivery_within(country: str, among: Sequence[ShippingGroup]) -> Delivery | None:
    """Return the first rate to this country, as pages of goods tell it; a flat one of all of it."""
    group = group_of(country, among)
    if group is None or not group.sent or group.sent[0].kind is not RateKind.FLAT:
        return None
    rate = group.sent[0]
    days = (rate.min_days, rate.max_days)
    return Delivery(country, chargeable(rate.price), rate.free_over, days)


def free_within(country: str, among: Sequence[ShippingGroup]) -> Money | None:
    """Return the value of goods from which sending is free everywhere in this country."""
    own = [group for group in among if country in group.countries]
    bounds = [group.sent[0].free_over if group.sent else None for group in own]
    known = [bound for bound in bounds if bound is not None]
    return max(known) if known and len(known) == len(bounds) else None


def options_of(group: ShippingGroup, parcel: Parcel) -> tuple[ShippingOption, ...]:
    """Return the ways to send this parcel into a group, then those to pick it up there."""
    sent = [option for rate in group.sent if (option := _option(rate, parcel))]
    kept = sent[:MOST_OPTIONS]
    picked_up = [o for rate in group.rates if rate.is_pickup and (o := _option(rate, parcel))]
    return (*kept, *picked_up)


def _option(rate: Rate, parcel: Parcel) -> ShippingOption | None:
    price = rate.price_of(parcel)
    if price is None:
        return None
    return ShippingOption(
        rate.name,
        price,
        rate.min_days,
        rate.max_days,
        rate.is_pickup,
        rate.pickup_address,
        rate.pickup_hours,
    )


def _until_free(group: ShippingGroup, parcel: Parcel) -> Money | None:
    free_over = group.sent[0].free_over if group.sent else None
    if free_over is None or free_over <= parcel.value:
        return None
    return free_over - parcel.value


def _group_of(zone: ShippingZone, named: set[str], currency: str) -> ShippingGroup:
    countries = set(zone.countries) & SHIPPABLE
    if EVERYWHERE_ELSE in zone.countries:
        countries |= SHIPPABLE - named
    rates = tuple(rate_of(rate) for rate in zone.rates if rate.currency == currency)
    return ShippingGroup(zone.name, tuple(sorted(countries)), rates, tuple(zone.regions))


def rate_of(rate: ShippingRate) -> Rate:
    """Return a rate as it is reckoned with."""
    return Rate(
        rate.name,
        rate.price,
        rate.free_over,
        rate.min_days,
        rate.max_days,
        RateKind(rate.kind),
        tuple(PriceStep(up_to, Money(price or 0, rate.currency)) for up_to, price in rate.steps),
        rate.pickup_address,
        rate.pickup_hours,
    )
