"""Where an order may go next, and the one verb that moves it."""

from enum import StrEnum

from sqlalchemy import update

from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.orders.models import Order, OrderEvent, OrderState
from store.orders.telling import tell_step

# Money decides, and it may come late: an order that was let go can still turn out paid, while one
# that is paid never becomes unpaid again; it is refunded.
NEXT: dict[OrderState, frozenset[OrderState]] = {
    OrderState.PENDING: frozenset(
        {
            OrderState.UNKNOWN,
            OrderState.AWAITING,
            OrderState.PAID,
            OrderState.PARKED,
            OrderState.EXPIRED,
            OrderState.CANCELLED,
        }
    ),
    OrderState.UNKNOWN: frozenset(
        {
            OrderState.PENDING,
            OrderState.AWAITING,
            OrderState.PAID,
            OrderState.PARKED,
            OrderState.EXPIRED,
            OrderState.CANCELLED,
        }
    ),
    OrderState.AWAITING: frozenset({OrderState.PAID, OrderState.PARKED, OrderState.CANCELLED}),
    OrderState.PAID: frozenset({OrderState.REFUNDED}),
    OrderState.PARKED: frozenset({OrderState.PAID, OrderState.REFUNDED}),
    OrderState.EXPIRED: frozenset({OrderState.PAID, OrderState.PARKED}),
    OrderState.CANCELLED: frozenset({OrderState.PAID, OrderState.PARKED}),
    OrderState.REFUNDED: frozenset({OrderState.PAID, OrderState.PARKED}),
}


class StepRefusedError(ConflictError):
    """The order stands where this step cannot be taken, or stood there when it was tried."""


class PaymentStatus(StrEnum):
    UNPAID = "unpaid"
    AWAITING = "awaiting"
    PARKED = "parked"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class FulfilmentStatus(StrEnum):
    NOTHING = "nothing"
    WAITING = "waiting"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


def advance(
    order: Order,
    to: OrderState,
    clock: Clock,
    *,
    because: str,
    actor: str = "store",
    **detail: object,
) -> None:
    """Move the order in one conditional statement and write the step; else StepRefusedError."""
    before = [state for state, following in NEXT.items() if to in following]
    moved = db.session.scalar(
        update(Order)
        .where(Order.id == order.id, Order.state.in_(before))
        .values(state=to, updated_at=clock.now())
        .returning(Order.id)
    )
    if moved is None:
        raise StepRefusedError(f"order {order.number}: {order.state} cannot become {to}")
    note(order, because, clock, actor=actor, **detail)


def note(
    order: Order, kind: str, clock: Clock, *, actor: str = "store", **detail: object
) -> OrderEvent:
    """Add a line to the timeline and tell partners who wish to know; the state stays."""
    event = OrderEvent(order_id=order.id, kind=kind, actor=actor, detail=detail, at=clock.now())
    db.session.add(event)
    db.session.flush()
    tell_step(order, kind, clock, detail)
    return event


def payment_status(order: Order) -> PaymentStatus:
    """Derive what the reader's money did from the state and the payments."""
    back = sum(payment.refunded_minor for payment in order.payments)
    match OrderState(order.state):
        case OrderState.PENDING | OrderState.UNKNOWN | OrderState.EXPIRED | OrderState.CANCELLED:
            return PaymentStatus.UNPAID
        case OrderState.AWAITING:
            return PaymentStatus.AWAITING
        case OrderState.PARKED:
            return PaymentStatus.PARKED
        case OrderState.REFUNDED:
            return PaymentStatus.REFUNDED
        case OrderState.PAID:
            return PaymentStatus.PARTLY_REFUNDED if back else PaymentStatus.PAID


def fulfilment_status(order: Order) -> FulfilmentStatus:
    """Derive how far the parcels are from the lines."""
    lines = [line for line in order.lines if line.requires_shipping]
    if not lines:
        return FulfilmentStatus.NOTHING
    shipped = sum(line.shipped for line in lines)
    left = sum(line.left_to_ship for line in lines)
    if shipped:
        return FulfilmentStatus.PARTLY_SHIPPED if left else FulfilmentStatus.SHIPPED
    return FulfilmentStatus.WAITING if left else FulfilmentStatus.CANCELLED
