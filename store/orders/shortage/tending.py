"""What time does to shortfalls: units come back, readers are reminded, and money goes by itself."""

from datetime import datetime, timedelta

import structlog

from store.database import db, end_reading, writing
from store.errors import StoreError
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.refunding import send_refund
from store.orders.shortage.choosing import DEADLINE, Choice, Chosen, choose, take_arrived, tidy
from store.orders.shortage.messages import mail_arrived, mail_reminder
from store.orders.shortage.models import ShortfallState
from store.orders.shortage.standing import live_shortfalls, orders_with_live_shortfalls
from store.services import Services

REMINDED_BEFORE = timedelta(days=2)

log = structlog.get_logger(__name__)


def tend_shortfalls(services: Services) -> None:
    """Look after everything that is gone and undecided; opens transactions of its own."""
    end_reading()
    for order_id in orders_with_live_shortfalls():
        try:
            tend(order_id, services)
        except StoreError as error:
            log.warning("shortfall_not_tended", order=order_id, error=type(error).__name__)
        except Exception:
            # The sweep's edge: one order that is at fault must not keep all others waiting.
            log.exception("shortfall_not_tended", order=order_id)
            db.session.rollback()


def tend(order_id: int, services: Services) -> None:
    """Look after one order; opens transactions of its own."""
    with writing():
        order = locked_order(order_id)
        tidy(order, services)
        here = take_arrived(order, services)
        if here:
            mail_arrived(order, here, services)
        _remind(order, services)
    with writing():
        refunds = _expire(locked_order(order_id), services)
    send_all(refunds, services)


def send_all(refund_ids: list[int], services: Services) -> None:
    """Ask Stripe for these refunds; what it does not answer is asked again by the sweep."""
    for refund_id in refund_ids:
        try:
            send_refund(refund_id, services)
        except StoreError as error:
            db.session.rollback()
            log.warning("refund_not_sent", refund=refund_id, error=type(error).__name__)


def remind_at(opened_at: datetime, decide_by: datetime) -> datetime:
    """Return when the reminder goes: two days before the end, of short times at the middle."""
    return max(decide_by - REMINDED_BEFORE, opened_at + (decide_by - opened_at) / 2)


def _remind(order: Order, services: Services) -> None:
    now = services.clock.now()
    due = [
        one
        for one in live_shortfalls(order)
        if one.state == ShortfallState.OPEN
        and one.reminded_at is None
        and remind_at(one.opened_at, one.decide_by) <= now < one.decide_by
    ]
    if due:
        for one in due:
            one.reminded_at = now
        mail_reminder(order, due, services)


def _expire(order: Order, services: Services) -> list[int]:
    now = services.clock.now()
    due = [
        one
        for one in live_shortfalls(order)
        if one.state == ShortfallState.OPEN and one.decide_by <= now
    ]
    picks = [Chosen(one.id, Choice.REFUND) for one in due]
    return choose(order, picks, services, actor=DEADLINE) if picks else []
