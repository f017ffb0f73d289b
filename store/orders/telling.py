"""What partners are told of an order: that something happened, and nothing of whoever bought."""

from collections.abc import Mapping
from typing import Any

from store.clock import Clock
from store.connections.announcing import announce, listeners
from store.connections.models import Kind
from store.orders.models import Fulfilment, Order, OrderLine
from store.orders.parcels_shown import page_of

STEPS: Mapping[str, Kind] = {
    "paid": Kind.ORDER_PAID,
    "nothing_to_pay": Kind.ORDER_PAID,
    "accepted": Kind.ORDER_PAID,
    "replaces": Kind.ORDER_PAID,
    "cancelled": Kind.ORDER_CANCELLED,
    "refund_succeeded": Kind.ORDER_REFUNDED,
}
"""The steps of the timeline that partners are told of."""


def tell_step(order: Order, step: str, clock: Clock, detail: Mapping[str, object]) -> None:
    """Tell of a step that an order took, if anybody listens; flushes only."""
    kind = STEPS.get(step)
    if kind is not None and listeners(kind):
        facts = {"order": order.number, "lines": _lines(order), **_amount(order, detail)}
        announce(kind, order.number, facts, clock)


def tell_parcel(kind: Kind, order: Order, parcel: Fulfilment, clock: Clock) -> None:
    """Tell that a parcel left or arrived; what is picked up is no parcel. Flushes only."""
    if order.is_picked_up or not listeners(kind):
        return
    facts = {
        "order": order.number,
        "parcel": parcel.id,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": page_of(parcel),
        "lines": [
            {"id": part.order_line_id, "sku": part.line.sku, "quantity": part.quantity}
            for part in parcel.lines
        ],
    }
    announce(kind, order.number, facts, clock)


def _amount(order: Order, detail: Mapping[str, object]) -> dict[str, Any]:
    minor = detail.get("amount_minor")
    return {} if minor is None else {"amount": {"minor": minor, "currency": order.currency}}


def _lines(order: Order) -> list[dict[str, Any]]:
    return [_line(line) for line in order.lines if line.requires_shipping]


def _line(line: OrderLine) -> dict[str, Any]:
    return {"id": line.id, "sku": line.sku, "quantity": line.quantity, "to_ship": line.left_to_ship}
