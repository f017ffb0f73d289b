"""Ways to send a parcel and what each costs, by weight, by value or flat; and who shares them."""

from dataclasses import dataclass
from enum import StrEnum

from store.money import Money
from store.pricing.totals import chargeable


class RateKind(StrEnum):
    """What a rate's price depends on; what is picked up is not sent at all."""

    FLAT = "flat"
    WEIGHT = "weight"
    VALUE = "value"
    PICKUP = "pickup"


@dataclass(frozen=True, slots=True)
class PriceStep:
    """The price up to a bound, in grams or in minor units of the goods; None is for all above."""

    up_to: int | None
    price: Money


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent: the value of all goods after any discount, and what those sent weigh."""

    value: Money
    grams: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """One way to send; free_over is the value of the goods from which it costs nothing."""

    name: str
    price: Money
    free_over: Money | None
    min_days: int
    max_days: int
    kind: RateKind = RateKind.FLAT
    steps: tuple[PriceStep, ...] = ()
    pickup_address: str = ""
    pickup_hours: str = ""

    @property
    def is_pickup(self) -> bool:
        return self.kind is RateKind.PICKUP

    def value_of(self, step: PriceStep) -> Money:
        """Return the bound of a step by value."""
        return Money(step.up_to or 0, self.price.currency)

    def price_of(self, parcel: Parcel) -> Money | None:
        """Return what it costs; None for more than its last step holds, free or not."""
        price = self._price_by_size(parcel)
        is_free = self.free_over is not None and self.free_over <= parcel.value
        return Money.zero(self.price.currency) if price is not None and is_free else price

    def _price_by_size(self, parcel: Parcel) -> Money | None:
        if self.kind not in {RateKind.WEIGHT, RateKind.VALUE}:
            return chargeable(self.price)
        size = parcel.grams if self.kind is RateKind.WEIGHT else parcel.value.minor
        held = (step for step in self.steps if step.up_to is None or size <= step.up_to)
        found = next(held, None)
        return chargeable(found.price) if found else None


@dataclass(frozen=True, slots=True)
class ShippingGroup:
    """Countries, or parts of one, that share their rates; the pay page offers no others."""

    name: str
    countries: tuple[str, ...]
    rates: tuple[Rate, ...]
    regions: tuple[str, ...] = ()

    @property
    def sent(self) -> tuple[Rate, ...]:
        return tuple(rate for rate in self.rates if not rate.is_pickup)
