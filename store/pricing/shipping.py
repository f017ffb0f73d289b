"""What it costs to send a parcel: flat rates by group of countries, and who is in which group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from store.catalog.delivery import Delivery
from store.database import db
from store.money import Money, decimals
from store.pricing.countries import PACIFIC_AND_ASIA, SHIPPABLE
from store.pricing.models import ShippingRate, ShippingZone
from store.pricing.totals import chargeable
from store.settings import Settings

EVERYWHERE_ELSE = "*"


@dataclass(frozen=True, slots=True)
class Rate:
    """One way to send; free_over is the value of the goods from which it costs nothing."""

    name: str
    price: Money
    free_over: Money | None
    min_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class ShippingGroup:
    """Countries that share their rates; the pay page offers no others."""

    name: str
    countries: tuple[str, ...]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """A rate as it is for these goods; days are working days."""

    name: str
    price: Money
    min_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class ShippingQuote:
    """What sending to a country costs; no options where we do not send, or nothing is sent."""

    country: str
    group_name: str
    countries: tuple[str, ...]
    options: tuple[ShippingOption, ...]
    is_needed: bool
    until_free: Money | None
    """What more to buy for free shipping, when it can be had."""

    @property
    def is_possible(self) -> bool:
        return bool(self.options) or not self.is_needed

    @property
    def chosen(self) -> ShippingOption | None:
        """The first option: the one that the cart reckons with."""
        return self.options[0] if self.options else None


def groups(settings: Settings) -> tuple[ShippingGroup, ...]:
    """Return all groups with rates in the shop's currency: those of staff, else those we ship."""
    found_zones = db.session.scalars(
        select(ShippingZone)
        .options(joinedload(ShippingZone.rates))
        .order_by(ShippingZone.position, ShippingZone.id)
    )
    zones = found_zones.unique().all()
    if not zones:
        return _default_groups(settings.country, settings.currency)
    named = set(chain.from_iterable(zone.countries for zone in zones))
    found = (_group_of(zone, named, settings.currency) for zone in zones)
    return tuple(group for group in found if group.rates and group.countries)


def quote(
    country: str,
    subtotal: Money,
    *,
    among: Sequence[ShippingGroup],
    requires_shipping: bool = True,
) -> ShippingQuote:
    """Say what sending goods of this value there costs; subtotal is after any discount."""
    group = group_of(country, among)
    if group is None or not requires_shipping:
        return ShippingQuote(
            country,
            group.name if group else "",
            group.countries if group else (),
            options=(),
            is_needed=requires_shipping,
            until_free=None,
        )
    return ShippingQuote(
        country,
        group.name,
        group.countries,
        tuple(_option(rate, subtotal) for rate in group.rates),
        is_needed=True,
        until_free=_until_free(group.rates[0], subtotal),
    )


def group_of(country: str, among: Sequence[ShippingGroup]) -> ShippingGroup | None:
    return next((group for group in among if country in group.countries), None)


def delivery_within(country: str, among: Sequence[ShippingGroup]) -> Delivery | None:
    """Return the first rate to this country, as pages of goods tell it."""
    group = group_of(country, among)
    if group is None:
        return None
    rate = group.rates[0]
    days = (rate.min_days, rate.max_days)
    return Delivery(country, chargeable(rate.price), rate.free_over, days)


def _option(rate: Rate, subtotal: Money) -> ShippingOption:
    is_free = rate.free_over is not None and rate.free_over <= subtotal
    price = Money.zero(rate.price.currency) if is_free else chargeable(rate.price)
    return ShippingOption(rate.name, price, rate.min_days, rate.max_days)


def _until_free(rate: Rate, subtotal: Money) -> Money | None:
    if rate.free_over is None or rate.free_over <= subtotal:
        return None
    return rate.free_over - subtotal


def _group_of(zone: ShippingZone, named: set[str], currency: str) -> ShippingGroup:
    countries = set(zone.countries) & SHIPPABLE
    if EVERYWHERE_ELSE in zone.countries:
        countries |= SHIPPABLE - named
    rates = tuple(_rate_of(rate) for rate in zone.rates if rate.currency == currency)
    return ShippingGroup(zone.name, tuple(sorted(countries)), rates)


def _rate_of(rate: ShippingRate) -> Rate:
    return Rate(rate.name, rate.price, rate.free_over, rate.min_days, rate.max_days)


@dataclass(frozen=True, slots=True)
class _Default:
    """A rate that ships with the store, in Australian cents."""

    cents: int
    free_over_cents: int | None
    days: tuple[int, int]


_HOME = _Default(895, 12_000, (2, 6))
_NEW_ZEALAND = _Default(1_495, 18_000, (5, 10))
_NEAR = _Default(1_995, None, (7, 15))
_FAR = _Default(2_695, None, (8, 20))

_WORTH_OF_ONE_DOLLAR = {
    "AUD": 100,
    "CAD": 90,
    "CHF": 55,
    "DKK": 450,
    "EUR": 60,
    "GBP": 50,
    "HKD": 500,
    "INR": 5_500,
    "JPY": 100,
    "KRW": 900,
    "KWD": 200,
    "NOK": 650,
    "NZD": 110,
    "SEK": 650,
    "SGD": 85,
    "USD": 65,
}
"""Round values of an Australian dollar in minor units: for shops that have set no rates yet."""


@lru_cache(maxsize=8)
def _default_groups(country: str, currency: str) -> tuple[ShippingGroup, ...]:
    """Return the shop's own country first, then its neighbours, then the rest of the world."""
    home: str = Locale("en").territories.get(country, country)
    named: list[tuple[str, tuple[str, ...], _Default]] = [(home, (country,), _HOME)]
    if country == "AU":
        named.append(("New Zealand", ("NZ",), _NEW_ZEALAND))
        named.append(("Pacific & Asia", PACIFIC_AND_ASIA, _NEAR))
    taken = set(chain.from_iterable(countries for _, countries, _ in named))
    named.append(("Rest of the world", tuple(sorted(SHIPPABLE - taken)), _FAR))
    return tuple(
        ShippingGroup(name, _shippable(countries), (_scaled(name, rate, currency),))
        for name, countries, rate in named
        if _shippable(countries)
    )


def _shippable(countries: Iterable[str]) -> tuple[str, ...]:
    return tuple(country for country in countries if country in SHIPPABLE)


def _scaled(name: str, rate: _Default, currency: str) -> Rate:
    free_over = rate.free_over_cents
    return Rate(
        name,
        _in_currency(rate.cents, currency),
        None if free_over is None else _in_currency(free_over, currency),
        *rate.days,
    )


def _in_currency(cents: int, currency: str) -> Money:
    """Turn Australian cents into about as much of another currency, up to the next round price."""
    worth = _WORTH_OF_ONE_DOLLAR.get(currency, 10 ** decimals(currency))
    step = 5 if currency == "AUD" else 10
    return Money(-(-cents * worth // (100 * step)) * step, currency)
