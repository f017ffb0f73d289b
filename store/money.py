"""Money as an integer of minor units and a currency; never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

# ISO 4217 lists the exponent of each currency; these are the ones that are not two.
# Stripe charges them the same way: https://docs.stripe.com/currencies
ZERO_DECIMAL = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split())
THREE_DECIMAL = frozenset("BHD JOD KWD OMR TND".split())
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
SMALLEST_CHARGES = {
    "AED": 200, "BGN": 100, "BRL": 50, "CZK": 1500, "DKK": 250, "GBP": 30, "HKD": 400,
    "HUF": 17_500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "PLN": 200,
    "RON": 200, "SEK": 300, "THB": 1000,
}  # fmt: skip


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies met in one sum."""


def decimals(currency: str) -> int:
    """Return how many digits stand behind the point in this currency."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def smallest_charge_step(currency: str) -> int:
    """Return the step of amounts in minor units: Stripe wants a last 0 where decimals are three."""
    return 10 if currency in THREE_DECIMAL else 1


@dataclass(frozen=True, slots=True, order=False)
class Money:
    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, factor: int) -> "Money":
        return Money(self.minor * factor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Split by weights with no unit lost: largest remainder, ties to the earlier part.

        All weights zero splits evenly; an empty list of weights is refused.
        """
        return [Money(part, self.currency) for part in allocate_minor(self.minor, weights)]

    def _same(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} met {other.currency}")
        return other


def smallest_charge(currency: str) -> Money:
    """Return the least that Stripe takes from a card; half a unit where it names no other."""
    half = 50 if currency in ZERO_DECIMAL else 10 ** decimals(currency) // 2
    return Money(SMALLEST_CHARGES.get(currency, half), currency)


def allocate_minor(amount: int, weights: Sequence[int]) -> list[int]:
    """Split an integer by largest remainder; the parts sum to the amount and keep its sign."""
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("weights must be given and none below zero")
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole, sign = sum(shares), -1 if amount < 0 else 1
    quotients = [divmod(abs(amount) * share, whole) for share in shares]
    parts = [quotient for quotient, _ in quotients]
    left = abs(amount) - sum(parts)
    by_remainder = sorted(range(len(shares)), key=lambda index: -quotients[index][1])
    for index in by_remainder[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
