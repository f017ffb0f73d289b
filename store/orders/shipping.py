"""Sends parcels: what leaves, of which lines, with which tracking number."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, update

from store.connections.models import Kind
from store.database import db
from store.errors import ConflictError, InvalidError
from store.inventory import stock
from store.orders.ahead.served import ready_units
from store.orders.carriers import guess
from store.orders.disputing.standing import holds_shipping
from store.orders.lifecycle import note
from store.orders.models import Fulfilment, FulfilmentLine, Order, OrderLine, OrderState
from store.orders.readdressing import destination_of
from store.orders.refunded_goods import going_back
from store.orders.search_index import index_order
from store.orders.telling import tell_parcel
from store.services import Services

LONGEST_CARRIER, LONGEST_TRACKING = 80, 120


class NotShippableError(ConflictError):
    """The order is not paid or its money goes back, or less is left than the parcel names."""


class NotItsTurnError(NotShippableError):
    """What is on the shelf belongs to orders that were paid earlier."""


class RefundUnderWayError(NotShippableError):
    """The money of what would be sent is on its way back."""


class DisputeHoldsError(NotShippableError):
    """The money of the order is disputed, and nobody has said to send it anyway."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Units by order line; empty means everything that is left."""

    units: Mapping[int, int]
    carrier: str = ""
    tracking_number: str = ""


def ship_parcel(order: Order, parcel: Parcel, services: Services, *, actor: str) -> Fulfilment:
    """Write the parcel of a locked order and take its units off the shelf."""
    if order.state != OrderState.PAID:
        raise NotShippableError(f"an order that is {order.state} is not shipped")
    if holds_shipping(order):
        raise DisputeHoldsError(f"the payment of {order.number} is disputed")
    ready = ready_units(order)
    units = dict(parcel.units or ready)
    if not units or any(quantity < 1 for quantity in units.values()):
        raise NotShippableError("nothing is left to ship")
    by_id = {line.id: line for line in order.lines}
    if units.keys() - by_id.keys():
        raise InvalidError("a line to ship is not of this order")
    if units.keys() & going_back(order):
        raise RefundUnderWayError("a refund of what would be shipped is under way")
    for line_id, quantity in units.items():
        _ship_line(order, by_id[line_id], quantity, services, actor)
        if quantity > ready.get(line_id, 0):
            raise NotItsTurnError(f"line {line_id}: what is here belongs to earlier orders")
    sent_to = {"name": order.name} if order.is_picked_up else destination_of(order).label()
    fulfilment = Fulfilment(
        carrier=_carrier(parcel, sent_to, services)[:LONGEST_CARRIER],
        tracking_number=parcel.tracking_number[:LONGEST_TRACKING],
        sent_to=sent_to,
        shipped_at=services.clock.now(),
        lines=[FulfilmentLine(order_line_id=i, quantity=q) for i, q in units.items()],
    )
    order.fulfilments.append(fulfilment)
    left = "picked_up" if order.is_picked_up else "shipped"
    note(order, left, services.clock, actor=actor, units=sum(units.values()))
    index_order(order)
    tell_parcel(Kind.PARCEL_SHIPPED, order, fulfilment, services.clock)
    return fulfilment


def _carrier(parcel: Parcel, sent_to: Mapping[str, str], services: Services) -> str:
    """Return who carries it: as somebody said, else as its number says."""
    to, home = sent_to.get("country", ""), services.settings.country
    return parcel.carrier or (guess(parcel.tracking_number, to=to, home=home) or "")


def _ship_line(
    order: Order, line: OrderLine, quantity: int, services: Services, actor: str
) -> None:
    left = OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled
    counted = db.session.scalar(
        update(OrderLine)
        .where(OrderLine.id == line.id, OrderLine.requires_shipping, left >= quantity)
        .values(
            shipped=OrderLine.shipped + quantity,
            # What is still here may go on missing.
            shortage=case(
                (OrderLine.shortage > left - quantity, left - quantity), else_=OrderLine.shortage
            ),
        )
        .returning(OrderLine.id)
    )
    if counted is None:
        raise NotShippableError(f"{quantity} of {line.title} are not left to ship")
    stock.ship(line.id, quantity, cause=f"order {order.number}", clock=services.clock, actor=actor)
