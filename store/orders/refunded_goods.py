"""What a refund means for its goods: the unshipped stay, the returned go back on the shelf."""

from collections.abc import Collection

from store.inventory import stock
from store.inventory.models import MovementKind
from store.orders.lifecycle import advance
from store.orders.models import Order, OrderLine, OrderState, Refund, RefundStatus
from store.services import Services


def live_refunds(order: Order) -> list[Refund]:
    """Return the refunds that gave money back, or still may."""
    return [refund for refund in order.refunds if RefundStatus(refund.status).gives_back]


def going_back(order: Order) -> frozenset[int]:
    """Return the lines whose money was asked back and whose refund Stripe has not confirmed."""
    if order.payments and all(p.refunded_minor == p.amount_minor for p in order.payments):
        return frozenset(line.id for line in order.lines)
    asked = [refund for refund in live_refunds(order) if refund.stripe_id is None]
    return frozenset(line_id for refund in asked for line_id in refund.line_ids)


def cancel_unshipped(lines: Collection[OrderLine]) -> None:
    """Let go of what will not be sent, because its money went back."""
    stock.release_allocated([line.id for line in lines])
    for line in lines:
        line.cancelled += line.left_to_ship
        line.shortage = 0


def settle_goods(order: Order, refund: Refund, services: Services) -> None:
    """Do once what the refund means for its goods: cancel the unshipped, shelve the returned."""
    lines = [line for line in order.lines if line.id in refund.line_ids]
    cancel_unshipped([line for line in lines if line.left_to_ship])
    if refund.restocks:
        _shelve_returned(order, lines or order.lines, services)


def _shelve_returned(order: Order, lines: Collection[OrderLine], services: Services) -> None:
    """Put what was shipped on the shelf, less what an earlier refund of the order put there."""
    cause = f"order {order.number}"
    for line in lines:
        if line.variant_id is None:
            continue
        units = line.shipped - stock.returned(line.variant_id, cause=cause)
        if units > 0:
            stock.receive(
                line.variant_id,
                units,
                cause=cause,
                actor="store",
                clock=services.clock,
                kind=MovementKind.RETURN,
            )


def resume(order: Order, services: Services) -> None:
    """Take up an order again whose refund bounced: the reader paid, so the goods are due.

    One that waited for a person, and that nobody had accepted, waits again.
    """
    kept_back = {line_id for refund in live_refunds(order) for line_id in refund.line_ids}
    lines = [line for line in order.lines if line.cancelled and line.id not in kept_back]
    missing = stock.take_again([line.id for line in lines])
    for line in lines:
        line.cancelled = 0
        line.shortage = missing.get(line.id, 0)
    is_accepted = any(event.kind == "accepted" for event in order.events)
    waits = bool(order.parked_reason) and not is_accepted
    to = OrderState.PARKED if waits else OrderState.PAID
    advance(order, to, services.clock, because="refund_bounced")
