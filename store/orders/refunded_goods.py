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
    if not refund.restocks:
        return
    for line in lines or order.lines:
        if line.shipped and line.variant_id is not None:
            stock.receive(
                line.variant_id,
                line.shipped,
                cause=f"order {order.number}",
                actor="store",
                clock=services.clock,
                kind=MovementKind.RETURN,
            )


def resume(order: Order, services: Services) -> None:
    """Take up an order again whose refund bounced: the reader paid, so the goods are due."""
    kept_back = {line_id for refund in live_refunds(order) for line_id in refund.line_ids}
    lines = [line for line in order.lines if line.cancelled and line.id not in kept_back]
    missing = stock.take_again([line.id for line in lines])
    for line in lines:
        line.cancelled = 0
        line.shortage = missing.get(line.id, 0)
    advance(order, OrderState.PAID, services.clock, because="refund_bounced")
