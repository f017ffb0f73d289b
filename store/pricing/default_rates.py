"""What sending costs where staff have said nothing yet: round prices of an Australian shop."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from babel import Locale

from store.money import Money, decimals
from store.pricing.countries import PACIFIC_AND_ASIA, SHIPPABLE
from store.pricing.rates import Rate, ShippingGroup


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
def default_groups(country: str, currency: str) -> tuple[ShippingGroup, ...]:
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
