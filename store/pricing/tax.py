"""How much of a price is tax: prices include it, and what leaves the country carries none."""

from collections.abc import Iterable
from dataclasses import dataclass

from store.money import Money
from store.settings import Settings

WHOLE = 10_000
"""Basis points in the whole: a rate of 10 % is 1,000."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax that prices include; name is what a receipt calls it."""

    name: str
    basis_points: int


def rate_for(destination: str, settings: Settings) -> TaxRate:
    """Return the rate for goods sent there; exports are GST-free (A New Tax System Act, 38-185)."""
    is_at_home = destination == settings.country
    return TaxRate(settings.tax_name, settings.tax_rate_basis_points if is_at_home else 0)


def taxed_alike(countries: Iterable[str], destination: str, settings: Settings) -> tuple[str, ...]:
    """Return those of the countries where goods carry the same tax as at the destination."""
    rate = rate_for(destination, settings)
    return tuple(country for country in countries if rate_for(country, settings) == rate)


def included(price: Money, rate: TaxRate) -> Money:
    """Return the tax inside a price: price × rate / (100 % + rate), half a minor unit rounds up."""
    whole = WHOLE + rate.basis_points
    return Money((2 * price.minor * rate.basis_points + whole) // (2 * whole), price.currency)
