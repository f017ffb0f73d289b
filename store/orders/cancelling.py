"""Ends a paid order that nothing was paid for: there is no money to give back, only goods."""

from store.errors import ConflictError
from store.orders.lifecycle import advance
from store.orders.models import Order, OrderState
from store.orders.refunded_goods import cancel_unshipped
from store.services import Services


class HasMoneyError(ConflictError):
    """Money was paid, or goods have left: a refund ends such an order."""


def can_be_cancelled(order: Order) -> bool:
    """Whether the order is taken, cost nothing, and has not begun to leave."""
    is_untouched = order.state == OrderState.PAID and not order.payments
    return is_untouched and not any(line.shipped for line in order.lines)


def cancel(order: Order, services: Services, *, actor: str) -> None:
    """Let go of the goods of a locked order that cost nothing; flushes only."""
    if not can_be_cancelled(order):
        raise HasMoneyError(f"order {order.number} is ended by a refund")
    cancel_unshipped([line for line in order.lines if line.left_to_ship])
    advance(order, OrderState.REFUNDED, services.clock, because="cancelled", actor=actor[:80])
