"""Reads of orders: by what a reader, a payment or a sweep knows of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError
from store.orders.models import (
    OPEN_STATES,
    Order,
    OrderState,
    Payment,
    Refund,
    RefundStatus,
)

MAILED_FOR = timedelta(days=400)
"""How far back links are mailed: a year of guarantee, and some."""
MOST_MAILED = 20


def locked_order(order_id: int) -> Order:
    """Return the order as it is now, locked until the end of the open transaction."""
    return db.session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def order_numbered(number: str) -> Order:
    order = db.session.scalar(select(Order).where(Order.number == number))
    if order is None:
        raise NotFoundError(f"no order {number}")
    return order


def open_order_of(cart_id: int) -> Order | None:
    """Return the one order of this cart that money may still come for."""
    return db.session.scalar(
        select(Order).where(Order.cart_id == cart_id, Order.state.in_(OPEN_STATES))
    )


def order_of_session(session_id: str) -> Order | None:
    return db.session.scalar(select(Order).where(Order.session_id == session_id))


def order_of_intent(intent_id: str) -> Order | None:
    return db.session.scalar(select(Order).join(Payment).where(Payment.intent_id == intent_id))


def orders_of(email: str, clock: Clock) -> Sequence[Order]:
    """Return what this address bought of late, newest first."""
    return db.session.scalars(
        select(Order)
        .where(
            func.lower(Order.email) == email.strip().lower(),
            Order.placed_at > clock.now() - MAILED_FOR,
            Order.paid_at.is_not(None) | (Order.state == OrderState.AWAITING),
        )
        .order_by(Order.id.desc())
        .limit(MOST_MAILED)
    ).all()


def past_their_hold(now: datetime) -> list[int]:
    """Return orders whose units are held although their pay page has ended."""
    return list(
        db.session.scalars(
            select(Order.id)
            .where(
                Order.state.in_((OrderState.PENDING, OrderState.UNKNOWN)), Order.expires_at <= now
            )
            .order_by(Order.expires_at)
        )
    )


def without_pay_page(before: datetime) -> list[int]:
    """Return open orders that nobody has a pay page for, although one was asked for."""
    return list(
        db.session.scalars(
            select(Order.id).where(
                Order.state.in_((OrderState.PENDING, OrderState.UNKNOWN)),
                Order.session_id.is_(None),
                Order.updated_at <= before,
            )
        )
    )


def awaiting_money(before: datetime) -> list[int]:
    """Return orders whose bank has not answered, last looked at before this moment."""
    return list(
        db.session.scalars(
            select(Order.id).where(Order.state == OrderState.AWAITING, Order.updated_at <= before)
        )
    )


def settleable(before: datetime) -> list[int]:
    """Return orders with an open pay page that were placed before this moment."""
    return list(
        db.session.scalars(
            select(Order.id)
            .where(
                Order.state.in_((OrderState.PENDING, OrderState.UNKNOWN)),
                Order.session_id.is_not(None),
                Order.placed_at <= before,
            )
            .order_by(Order.id)
        )
    )


def orders_with_pending_refunds() -> list[int]:
    """Return orders with a refund that Stripe knows and has not finished."""
    waiting = (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION)
    return list(
        db.session.scalars(
            select(Refund.order_id)
            .where(Refund.stripe_id.is_not(None), Refund.status.in_(waiting))
            .distinct()
        )
    )


def placed_since(since: datetime) -> Sequence[Order]:
    return db.session.scalars(
        select(Order).where(Order.placed_at >= since).order_by(Order.id)
    ).all()
