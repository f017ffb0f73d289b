"""Says that a parcel has arrived: by staff, or by whoever carried it."""

from sqlalchemy import update

from store.connections.models import Kind
from store.database import db
from store.orders.later_messages import mail_delivered
from store.orders.lifecycle import note
from store.orders.models import Fulfilment, Order
from store.orders.telling import tell_parcel
from store.services import Services


def delivered(order: Order, parcel: Fulfilment, services: Services, *, actor: str) -> bool:
    """Note that a parcel of a locked order has arrived and tell its reader; flushes only.

    Return whether this was news: carriers say it more than once.
    """
    moved = db.session.scalar(
        update(Fulfilment)
        .where(
            Fulfilment.id == parcel.id,
            Fulfilment.order_id == order.id,
            Fulfilment.delivered_at.is_(None),
        )
        .values(delivered_at=services.clock.now())
        .returning(Fulfilment.id)
    )
    if moved is None:
        return False
    note(order, "delivered", services.clock, actor=actor[:80], parcel=parcel.id)
    mail_delivered(order, parcel, services)
    tell_parcel(Kind.PARCEL_DELIVERED, order, parcel, services.clock)
    return True
