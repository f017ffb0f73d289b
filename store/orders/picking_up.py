"""Hands over what is picked up: it lies ready, its reader is told, and then it is gone."""

from store.errors import ConflictError
from store.orders.lifecycle import note
from store.orders.messages import mail_pickup_ready
from store.orders.models import Fulfilment, Order, OrderState
from store.orders.shipping import Parcel, ship_parcel
from store.services import Services

CARRIER = "Pick up"


class NotForPickupError(ConflictError):
    """The order is sent, not paid, or gone already."""


class ReadyAlreadyError(ConflictError):
    """Somebody said so before; its reader is told once."""


def make_ready(order: Order, services: Services, *, actor: str) -> None:
    """Say that a locked order lies ready, and mail its reader; flushes only."""
    _want_waiting(order)
    if order.ready_at is not None:
        raise ReadyAlreadyError(f"order {order.number} lies ready")
    order.ready_at = services.clock.now()
    note(order, "ready_for_pickup", services.clock, actor=actor[:80])
    mail_pickup_ready(order, services)


def hand_over(order: Order, services: Services, *, actor: str) -> Fulfilment:
    """Say that everything of a locked order was picked up: its units leave the shelf."""
    _want_waiting(order)
    handed_over = ship_parcel(order, Parcel({}, carrier=CARRIER), services, actor=actor[:80])
    # The days for sending something back count from here, and not from a parcel on its way.
    handed_over.delivered_at = services.clock.now()
    return handed_over


def waits_for_reader(order: Order) -> bool:
    """Whether it is paid and to be picked up, and something of it is still here."""
    has_left = any(line.left_to_ship for line in order.lines)
    return order.state == OrderState.PAID and order.is_picked_up and has_left


def _want_waiting(order: Order) -> None:
    if not waits_for_reader(order):
        raise NotForPickupError(f"order {order.number} is not to be picked up")
