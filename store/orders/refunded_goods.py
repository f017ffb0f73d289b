"""What a refund means for its goods: the unshipped stay, the returned go back on the shelf."""

from collections.abc import Collection

from store.inventory import stock
from store.inventory.models import MovementKind
from store.orders.lifecycle import advance
from store.orders.models import Order, OrderLine, OrderState, Refund, RefundStatus
from store.orders.refund_plans import fate_of, live_refunds, returnable
from store.orders.shortage.opening import open_shortfalls
from store.orders.shortage.standing import replaced_units
from store.services import Services


def going_back(order: Order) -> frozenset[int]:
    """Return the lines whose money was asked back and whose refund Stripe has not confirmed."""
    if order.payments and all(p.refunded_minor == p.amount_minor for p in order.payments):
        return frozenset(line.id for line in order.lines)
    asked = [
        refund
        for refund in live_refunds(order)
        if refund.stripe_id is None and refund.status == RefundStatus.PENDING
    ]
    return frozenset(part.order_line_id for refund in asked for part in refund.lines)


def cancel_unshipped(lines: Collection[OrderLine]) -> None:
    """Let go of what will not be sent, because its money went back."""
    for line in lines:
        _cancel(line, line.left_to_ship)


def cancel_units(line: OrderLine, units: int) -> None:
    """Let go of units that will not be sent, because something else takes their place."""
    _cancel(line, units)


def settle_goods(order: Order, refund: Refund, services: Services) -> None:
    """Do once what the refund means for its goods: cancel the unshipped, shelve the returned."""
    if refund.leaves_goods:
        return
    by_id = {line.id: line for line in order.lines}
    for part in refund.lines:
        line = by_id[part.order_line_id]
        cancels, returns = fate_of(order, line, part.quantity, returns=refund.restocks)
        part.cancelled = cancels
        _cancel(line, cancels)
        _shelve(order, line, returns, services)
    if refund.restocks and not refund.lines:
        for line in order.lines:
            _shelve(order, line, returnable(order, line), services)


def resume(order: Order, services: Services) -> None:
    """Take up an order again whose refund bounced: the reader paid, so the goods are due.

    One that waited for a person, and that nobody had accepted, waits again.
    """
    kept_back = replaced_units(order)
    for refund in live_refunds(order):
        for part in refund.lines:
            kept_back[part.order_line_id] = kept_back.get(part.order_line_id, 0) + part.cancelled
    for line in order.lines:
        due = line.cancelled - kept_back.get(line.id, 0)
        if due > 0:
            line.shortage = stock.take_units_again(line.id, due)
            line.cancelled -= due
    open_shortfalls(order, services)
    is_accepted = any(event.kind == "accepted" for event in order.events)
    waits = bool(order.parked_reason) and not is_accepted
    to = OrderState.PARKED if waits else OrderState.PAID
    advance(order, to, services.clock, because="refund_bounced")


def _cancel(line: OrderLine, units: int) -> None:
    if units == 0:
        return
    if units == line.left_to_ship:
        # Also where nothing is promised any more: a parked order's units may be on sale again.
        stock.release_allocated([line.id])
    else:
        stock.give_up(line.id, units)
    line.cancelled += units
    line.shortage = max(0, line.shortage - units)


def _shelve(order: Order, line: OrderLine, units: int, services: Services) -> None:
    """Put units that were shipped and came back on the shelf."""
    if units and line.variant_id is not None:
        stock.receive(
            line.variant_id,
            units,
            cause=f"order {order.number}",
            actor="store",
            clock=services.clock,
            kind=MovementKind.RETURN,
        )
