"""How much of a sum gift cards pay, and which card how much: cards in, parts out."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.money import Money, smallest_charge, smallest_charge_step


@dataclass(frozen=True, slots=True)
class Apportioned:
    """What each card pays, in their order; kept is what stays on them so that the rest is charged.

    A payment card is never charged less than Stripe takes, so what is missing to that stays.
    """

    parts: tuple[Money, ...]
    kept: Money

    @property
    def whole(self) -> Money:
        return sum(self.parts, start=Money.zero(self.kept.currency))


def apportion(total: Money, payable: Money, balances: Sequence[Money]) -> Apportioned:
    """Split a total over cards in their order; payable is how much of it cards may pay.

    Either nothing is left to pay by payment card, or at least what Stripe takes.
    """
    step, currency = smallest_charge_step(total.currency), total.currency
    free = [balance.minor // step * step for balance in balances]
    wanted = min(sum(free), payable.minor)
    left = total.minor - wanted
    least = smallest_charge(currency).minor
    given = wanted if left == 0 or left >= least else max(0, total.minor - least)
    given = min(given, wanted) // step * step
    parts, rest = [], given
    for balance in free:
        part = min(balance, rest)
        parts.append(Money(part, currency))
        rest -= part
    return Apportioned(tuple(parts), Money(wanted - given, currency))
