"""Repairs what a lost answer, a lost webhook or a dead process left; every sweep may repeat."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog

from store.checkout.inbox import forget_old_bodies, receive, run_or_keep, unfinished
from store.checkout.paying import PaymentMadeError, close, remember_page
from store.checkout.settling import let_go, settle
from store.database import db, end_reading, writing
from store.errors import StoreError
from store.orders.disputing.answering import finish_answers
from store.orders.disputing.following import open_dispute_orders, sync_disputes
from store.orders.models import Order, OrderState
from store.orders.queries import (
    awaiting_money,
    locked_order,
    orders_with_pending_refunds,
    past_their_hold,
    settleable,
    without_pay_page,
)
from store.orders.refunding import send_refund, sync_refunds, unsent_refund_ids
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError, PaySession
from store.services import Services

PAGE_LOST_AFTER = timedelta(minutes=5)
"""How long a reader who saw a 503 may click again before the units go back to the shop."""
WEBHOOK_LOST_AFTER = timedelta(minutes=3)
BANK_ASKED_AGAIN_AFTER = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(hours=1)
EVENTS_KEPT_THERE = timedelta(days=30)

log = structlog.get_logger(__name__)


def close_lost_pages(services: Services) -> None:
    """Ask again, with the same key, for pages whose answer never came; then close them."""
    before = services.clock.now() - PAGE_LOST_AFTER
    _each(without_pay_page(before), lambda order: _close_lost(order, services))


def end_holds(services: Services) -> None:
    """Let go of what is past its hold, once Stripe has closed the page; or settle what was paid."""
    _each(past_their_hold(services.clock.now()), lambda order: _end_hold(order, services))


def settle_open(services: Services) -> None:
    """Ask for every open order whose webhook may have been lost."""
    before = services.clock.now() - WEBHOOK_LOST_AFTER
    _each(settleable(before), lambda order: settle(order, services))


def settle_awaiting(services: Services) -> None:
    before = services.clock.now() - BANK_ASKED_AGAIN_AFTER
    _each(awaiting_money(before), lambda order: settle(order, services))


def replay_inbox(services: Services, waited: timedelta = timedelta(minutes=10)) -> None:
    """Run events again that failed, or whose process died while it ran them."""
    for row_id in unfinished(waited, services.clock):
        run_or_keep(row_id, services)


def fetch_undelivered(services: Services) -> None:
    """Fetch the events that Stripe could not deliver to us."""
    end_reading()
    since = services.clock.now() - EVENTS_KEPT_THERE
    for event in services.payments.undelivered_events(since):
        row_id = receive(event, services.clock)
        if row_id is not None:
            run_or_keep(row_id, services)


def finish_refunds(services: Services) -> None:
    """Ask again for refunds whose answer never came, and look after those under way."""
    for refund_id in unsent_refund_ids():
        try:
            send_refund(refund_id, services)
        except StoreError as error:
            log.warning("refund_not_sent", refund=refund_id, error=type(error).__name__)
    _each(orders_with_pending_refunds(), lambda order: sync_refunds(order, services))


def follow_disputes(services: Services) -> None:
    """Repeat answers that Stripe said nothing to, and look after the disputes that are open."""
    finish_answers(services)
    _each(open_dispute_orders(), lambda order: sync_disputes(order, services))


def forget(services: Services) -> None:
    forget_old_bodies(services.clock)


def _each(order_ids: Iterable[int], verb: Callable[[Order], object]) -> None:
    """Do it for every order; one that Stripe has no answer for waits until the next sweep."""
    for order_id in order_ids:
        try:
            verb(db.session.get_one(Order, order_id))
        except StoreError as error:
            log.warning("order_not_swept", order=order_id, error=type(error).__name__)
        except Exception:
            # The sweep's edge: one order that is at fault must not keep the units of all others.
            log.exception("order_not_swept", order=order_id)
            db.session.rollback()


def _end_hold(order: Order, services: Services) -> None:
    if order.session_id is None:
        _close_lost(order, services)
        return
    try:
        close(order, services, because="expired", ended=OrderState.EXPIRED)
    except PaymentMadeError:
        log.info("paid_at_the_last_moment", number=order.number)


def _close_lost(order: Order, services: Services) -> None:
    """Find or make the page with the very same request, which never makes a second one."""
    order_id, params, key = order.id, order.session_request, order.idempotency_key
    coupon = order.coupon_request
    number, placed_at = order.number, order.placed_at
    is_over = order.expires_at <= services.clock.now()
    end_reading()
    session: PaySession | None
    try:
        session = services.payments.open_session(params, key=key, coupon=coupon)
    except GatewayRefusedError:
        # No page was made the first time either: one that exists is answered again by its key.
        session = None
    except GatewayUnknownError:
        if not is_over:
            raise
        # Stripe repeats its failure for ever; the list of pages tells whether there is one.
        since = placed_at - CLOCKS_DIFFER
        session = next(
            (s for s in services.payments.sessions_since(since) if s.number == number), None
        )
    if session is None:
        _let_go_unmade(order_id, services)
        return
    order = remember_page(order_id, session, services)
    try:
        close(order, services, because="pay_page_lost")
    except PaymentMadeError:
        log.info("paid_on_a_lost_page", number=number)


def _let_go_unmade(order_id: int, services: Services) -> None:
    with writing():
        order = locked_order(order_id)
        if order.session_id is None:
            let_go(order, services, to=OrderState.EXPIRED, because="pay_page_never_made")
