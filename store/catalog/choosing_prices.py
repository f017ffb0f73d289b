"""Prices that readers choose: within which bounds, and what is suggested to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from store.catalog.models import Variant
from store.errors import InvalidError
from store.money import Money, decimals, smallest_charge_step


class PriceOutOfBoundsError(InvalidError):
    """The price that a reader chose is none that she may choose; None where she chose none."""

    def __init__(self, choice: "PriceChoice", chosen: Money | None) -> None:
        super().__init__(f"{chosen} is not from {choice.least} to {choice.most}")
        self.choice, self.chosen = choice, chosen


@dataclass(frozen=True, slots=True)
class PriceChoice:
    """What readers may pay for a variant, and the amounts that they find to choose from."""

    least: Money
    most: Money
    suggested: tuple[Money, ...] = ()

    @classmethod
    def of(
        cls, least: int | None, most: int | None, suggested: Sequence[int] | None, currency: str
    ) -> Self | None:
        """Return the choice that columns say; None where the price is not the reader's."""
        if least is None:
            return None
        amounts = tuple(Money(minor, currency) for minor in suggested or ())
        return cls(Money(least, currency), Money(max(least, most or least), currency), amounts)

    @classmethod
    def of_variant(cls, variant: Variant) -> Self | None:
        return cls.of(variant.least_minor, variant.most_minor, variant.suggested, variant.currency)

    def __str__(self) -> str:
        amounts = ", ".join(map(typed, self.suggested))
        return f"{typed(self.least)} to {typed(self.most)}" + (f" ({amounts})" if amounts else "")

    @property
    def ways(self) -> tuple[tuple[Money, str], ...]:
        """What is suggested, each with how it is typed."""
        return tuple((amount, typed(amount)) for amount in self.suggested)

    @property
    def least_typed(self) -> str:
        return typed(self.least)

    @property
    def most_typed(self) -> str:
        return typed(self.most)

    def allows(self, price: Money | None) -> bool:
        """Whether this may be chosen: within the bounds, and in a step that can be charged."""
        if price is None or price.currency != self.least.currency:
            return False
        is_within = self.least <= price <= self.most
        return is_within and not price.minor % smallest_charge_step(price.currency)

    def checked(self, price: Money | None) -> Money:
        """Return the price; PriceOutOfBoundsError where it may not be chosen."""
        if price is None or not self.allows(price):
            raise PriceOutOfBoundsError(self, price)
        return price


def typed(money: Money) -> str:
    """Return an amount as people type it into a field: 5.00, 500, 1.250."""
    places = decimals(money.currency)
    figures = str(money.minor).rjust(places + 1, "0")
    return f"{figures[:-places]}.{figures[-places:]}" if places else figures
