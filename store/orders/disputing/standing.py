"""What a dispute keeps from happening: money that would go back twice, goods that would be lost."""

from collections.abc import Collection, Sequence

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import selectinload

from store.database import db
from store.orders.disputing.models import ANSWERABLE, IS_OPEN, Dispute
from store.orders.models import Order


def disputes_of(order: Order) -> Sequence[Dispute]:
    """Return the disputes of an order as they are now, the oldest first."""
    return db.session.scalars(
        select(Dispute).where(Dispute.order_id == order.id).order_by(Dispute.id)
    ).all()


def known_disputes(*, is_all: bool = False) -> Sequence[Dispute]:
    """Return open disputes, or all, those first that a bank waits for an answer to, by urgency."""
    wanted = select(Dispute).options(selectinload(Dispute.order))
    if not is_all:
        wanted = wanted.where(text(IS_OPEN))
    due = func.coalesce(Dispute.due_by, Dispute.opened_at)
    waits = case((Dispute.status.in_(ANSWERABLE), 0), (text(IS_OPEN), 1), else_=2)
    return db.session.scalars(wanted.order_by(waits, due, Dispute.id)).all()


def bars_refund(dispute: Dispute) -> bool:
    """Whether Stripe refuses a refund of this payment: the bank has the money, or may take it."""
    if dispute.is_lost:
        return True
    return dispute.is_open and not dispute.is_refundable


def refund_is_barred(order: Order) -> bool:
    return any(bars_refund(dispute) for dispute in disputes_of(order))


def holds_shipping(order: Order) -> bool:
    """Whether goods stay here because their money is disputed or gone, and nobody said otherwise.

    A bank that only asks has taken nothing: such an order is sent.
    """
    return order.id in held_orders([order.id])


def held_orders(order_ids: Collection[int]) -> frozenset[int]:
    """Return which of these orders stay here."""
    found = db.session.scalars(
        select(Dispute)
        .where(Dispute.order_id.in_(order_ids), ~Dispute.ships_anyway)
        .execution_options(populate_existing=True)
    )
    return frozenset(dispute.order_id for dispute in found if _holds(dispute))


def _holds(dispute: Dispute) -> bool:
    return not dispute.is_warning and (dispute.is_open or dispute.is_lost)
