"""Where a refund goes: to the payment card first what it paid, then to gift cards.

Money is worth more to a reader than a promise of ours, so the payment card comes first; of several
gift cards the one that was spent last. None gets more than it paid.
"""

from dataclasses import dataclass

from store.money import Money
from store.orders.gift_cards import bought_cards, live_cards
from store.orders.models import Order
from store.orders.refund_plans import OverRefundError, RefundPlan


@dataclass(frozen=True, slots=True)
class RefundSplit:
    """Minor units that Stripe gives back, and those of each payment by gift card, by its id."""

    by_service: int
    on_cards: tuple[tuple[int, int], ...]


def split_refund(order: Order, amount: int) -> RefundSplit:
    """Split a refund over what paid; raises OverRefundError where that is less."""
    left = {p.id: p.amount_minor - p.lost_minor - p.refunded_minor for p in order.payments}
    by_card = [payment.id for payment in order.payments if payment.gift_card_id is not None]
    by_service = min(amount, sum(minor for i, minor in left.items() if i not in by_card))
    rest, parts = amount - by_service, []
    for payment_id in reversed(by_card):
        part = min(rest, left[payment_id])
        if part:
            parts.append((payment_id, part))
            rest -= part
    if rest:
        raise OverRefundError(f"{rest} is more than is left of what was paid")
    return RefundSplit(by_service, tuple(parts))


def shares_of(order: Order, amount: int) -> list[tuple[str, Money]]:
    """Return how a refund would be split, by what paid; nothing where gift cards have no part."""
    split = split_refund(order, amount)
    if not split.on_cards:
        return []
    methods = {payment.id: payment.method for payment in order.payments}
    by_service = next((p.method for p in order.payments if p.gift_card_id is None), "")
    parts = [(by_service, split.by_service)] if split.by_service else []
    named = [*parts, *((methods[i], minor) for i, minor in split.on_cards)]
    return [(name, Money(minor, order.currency)) for name, minor in named]


def gift_units(order: Order, plan: RefundPlan) -> dict[int, int]:
    """Return how many gift cards of which lines must be void before this goes back."""
    if plan.is_everything:
        bought = [line for line in order.lines if line.is_gift_card]
        return {line.id: live_cards(order, line) for line in bought}
    # An order that waits for a person may never have issued them.
    return {
        part.line.id: min(part.quantity, len(bought_cards(order, part.line.id)))
        for part in plan.lines
        if part.line.is_gift_card
    }
