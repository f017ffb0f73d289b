"""Calls an order off before it leaves: staff where nothing was paid, its reader for a while."""

from datetime import timedelta

from store.database import writing
from store.errors import ConflictError
from store.orders.ahead.calling_off import can_call_ahead_off, is_put_off, wish_for_put_off
from store.orders.disputing.standing import refund_is_barred
from store.orders.later_messages import mail_cancelled
from store.orders.lifecycle import advance, note
from store.orders.messages import mail_attention
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order
from store.orders.refund_plans import RefundWish, live_refunds
from store.orders.refunded_goods import cancel_unshipped
from store.orders.refunding import send_refund, write_refund
from store.payments.gateway import GatewayRefusedError
from store.services import Services

READER = "reader"


class HasMoneyError(ConflictError):
    """Money was paid, or goods have left: a refund ends such an order."""


class TooLateToCancelError(ConflictError):
    """The time to call it off is over, or the order has begun to leave."""


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
    mail_cancelled(order, services)


def can_be_cancelled_by_reader(order: Order, services: Services) -> bool:
    """Whether its reader may call it off: lately paid, whole, and all of it still here."""
    window = timedelta(minutes=services.settings.cancel_minutes)
    return (
        order.state == OrderState.PAID
        and order.paid_at is not None
        # Who was promised an earlier day decides anew, for as long as she waits.
        and (services.clock.now() < order.paid_at + window or is_put_off(order))
        # What is not sent by post may have been used already; a replacement was no sale.
        and all(line.requires_shipping and not line.shipped for line in order.lines)
        and (order.session_id is not None or bool(order.payments))
        and not live_refunds(order)
        and not refund_is_barred(order)
    )


def cancel_for_reader(order_id: int, services: Services) -> None:
    """Call off a whole order and give back all of its money.

    Raises TooLateToCancelError before anything moves, and GatewayRefusedError where Stripe will
    not: then the order stands, and staff know. GatewayUnknownError leaves the refund written down:
    the sweep asks again. Opens transactions of its own.
    """
    with writing():
        order = locked_order(order_id)
        if not can_be_cancelled_by_reader(order, services):
            raise TooLateToCancelError(f"order {order.number} cannot be called off any more")
        note(order, "cancel_asked", services.clock, actor=READER)
        if not order.payments:
            cancel(order, services, actor=READER)
            return
        wish = RefundWish(reason="called off by the reader", seen=0)
        refund_id = write_refund(order, wish, services, actor=READER).id
    _send(order_id, refund_id, services)


def call_ahead_off(order_id: int, services: Services) -> None:
    """Call off what was put off of an order that has left in part, and give back its money.

    Raises as cancel_for_reader does; opens transactions of its own.
    """
    with writing():
        order = locked_order(order_id)
        if not can_call_ahead_off(order):
            raise TooLateToCancelError(f"nothing of {order.number} was put off and is still here")
        note(order, "cancel_asked", services.clock, actor=READER)
        refund_id = write_refund(order, wish_for_put_off(order), services, actor=READER).id
    _send(order_id, refund_id, services)


def _send(order_id: int, refund_id: int, services: Services) -> None:
    try:
        send_refund(refund_id, services)
    except GatewayRefusedError:
        with writing():
            about = str(refund_id)
            mail_attention(locked_order(order_id), "refund_failed", services, about=about)
        raise
