"""How discounts combine, and what each takes off which line: the one place that says so.

Of all that a cart may have, at most one discount on goods counts and at most one on shipping, both
only where both combine; whatever leaves the reader the least to pay is taken.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.money import Money, allocate_minor, smallest_charge_step
from store.pricing.totals import PricedLine, Reduction

WHOLE = 10_000
"""Basis points in the whole: 10 % are 1,000."""


class DiscountKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_SHIPPING = "free_shipping"


@dataclass(frozen=True, slots=True)
class Offer:
    """A discount that holds now; line_keys are the lines that it is for, None is every line."""

    key: int
    name: str
    kind: DiscountKind
    code: str = ""
    """What the reader typed; empty where it needs no code."""
    basis_points: int = 0
    amount: Money | None = None
    minimum: Money | None = None
    """What the goods that it is for must come to, before anything is taken off."""
    line_keys: frozenset[int] | None = None
    combines: bool = False

    def is_for(self, line: PricedLine) -> bool:
        is_named = self.line_keys is None or line.key in self.line_keys
        return is_named and line.is_discountable


@dataclass(frozen=True, slots=True)
class _Way:
    """One permitted choice, and what it leaves to pay."""

    reductions: tuple[Reduction, ...]
    to_pay: int

    @property
    def rank(self) -> tuple[int, int, bool, tuple[int, ...]]:
        """The least to pay; then the fewest; then with the reader's own code; then the oldest."""
        has_code = any(reduction.code for reduction in self.reductions)
        keys = tuple(reduction.key for reduction in self.reductions)
        return self.to_pay, len(self.reductions), not has_code, keys


def best(
    lines: Sequence[PricedLine], offers: Sequence[Offer], shipping_for: Callable[[Money], Money]
) -> tuple[Reduction, ...]:
    """Return what comes off these lines of one currency; none where nothing gives anything.

    shipping_for says what sending goods of this value costs: rates may be free from a value on.
    """
    if not lines:
        return ()
    holding = [offer for offer in offers if holds_for(offer, lines)]
    posts = [offer for offer in holding if offer.kind is DiscountKind.FREE_SHIPPING]
    goods = [offer for offer in holding if offer.kind is not DiscountKind.FREE_SHIPPING]
    ways = (
        way for offer in (None, *goods) for way in _ways_with(offer, posts, lines, shipping_for)
    )
    return min(ways, key=lambda way: way.rank).reductions


def take_off(offer: Offer, lines: Sequence[PricedLine]) -> tuple[Money, ...]:
    """Return what a discount on goods takes off each line, whatever else there is.

    Steps that can be charged, by largest remainder over the lines that it is for; no line falls
    below zero.
    """
    none = [Money.zero(line.unit_price.currency) for line in lines]
    if offer.kind is DiscountKind.FREE_SHIPPING or not holds_for(offer, lines):
        return tuple(none)
    weights = [
        line.unit_price * line.quantity if offer.is_for(line) else nought
        for line, nought in zip(lines, none, strict=True)
    ]
    return tuple(spread(_wanted(offer, weights), weights))


def holds_for(offer: Offer, lines: Sequence[PricedLine]) -> bool:
    """Say whether the lines hold goods that it is for, of the value that it asks."""
    return any(offer.is_for(line) for line in lines) and not missing(offer, lines)


def missing(offer: Offer, lines: Sequence[PricedLine]) -> Money | None:
    """Return what more must be bought of the goods that it is for; None where nothing is."""
    worth = _worth([line for line in lines if offer.is_for(line)], _currency(lines))
    if offer.minimum is None or offer.minimum <= worth:
        return None
    return offer.minimum - worth


def spread(amount: Money, subtotals: Sequence[Money]) -> list[Money]:
    """Give each line its part of an amount, in steps that can be charged, none below zero."""
    if not subtotals:
        return []
    step = smallest_charge_step(amount.currency)
    weights = [subtotal.minor // step for subtotal in subtotals]
    steps = min(max(amount.minor, 0) // step, sum(weights))
    if not steps:
        return [Money.zero(amount.currency) for _ in subtotals]
    return [Money(part * step, amount.currency) for part in allocate_minor(steps, weights)]


def _ways_with(
    offer: Offer | None,
    posts: Sequence[Offer],
    lines: Sequence[PricedLine],
    shipping_for: Callable[[Money], Money],
) -> Iterator[_Way]:
    """Yield this discount on goods alone, and with each on shipping that may join it."""
    nothing = Money.zero(_currency(lines))
    parts = take_off(offer, lines) if offer else tuple(nothing for _ in lines)
    goods = _worth(lines) - sum(parts, start=nothing)
    shipping = shipping_for(goods)
    if offer is not None and not any(parts):
        return
    taken = (_reduction(offer, parts, nothing),) if offer else ()
    yield _Way(taken, (goods + shipping).minor)
    for post in posts if shipping else ():
        if offer is None or (offer.combines and post.combines):
            waived = _reduction(post, tuple(nothing for _ in lines), shipping)
            yield _Way((*taken, waived), goods.minor)


def _reduction(offer: Offer, parts: tuple[Money, ...], shipping: Money) -> Reduction:
    return Reduction(offer.key, offer.name, offer.code, parts, shipping)


def _wanted(offer: Offer, weights: Sequence[Money]) -> Money:
    """Return what it would take off at most: a percentage rounds half up to a chargeable step."""
    if offer.amount is not None:
        return offer.amount
    currency = weights[0].currency
    step = smallest_charge_step(currency)
    share = sum(weight.minor for weight in weights) * offer.basis_points
    return Money((2 * share + WHOLE * step) // (2 * WHOLE * step) * step, currency)


def _worth(lines: Sequence[PricedLine], currency: str = "") -> Money:
    start = Money.zero(currency or _currency(lines))
    return sum((line.unit_price * line.quantity for line in lines), start=start)


def _currency(lines: Sequence[PricedLine]) -> str:
    return lines[0].unit_price.currency if lines else ""
