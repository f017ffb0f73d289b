"""The inbox of verified events: stored once, run until done, whatever their order or number."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from store.checkout.settling import settle
from store.checkout.strays import adopt_or_report
from store.clock import Clock
from store.database import db, writing
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.orders.disputing.following import sync_disputes
from store.orders.models import Order, StripeEvent
from store.orders.queries import order_of_intent, order_of_session
from store.orders.refunding import sync_refunds
from store.payments.gateway import GatewayEvent
from store.services import Services

BODIES_KEPT = timedelta(days=30)
"""As long as Stripe itself keeps events; bodies name readers and where they live."""
RETRY_AFTER = timedelta(seconds=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReplayEvent(Job):
    kind: ClassVar[str] = "checkout.replay_event"

    row_id: int


def receive(event: GatewayEvent, clock: Clock) -> int | None:
    """Store a verified event; return its row, or None when it was stored and finished before."""
    # Looking first spares what comes again and again the write lock.
    row = _known(event) or _stored(event, clock)
    return None if row.finished_at is not None else row.id


def _known(event: GatewayEvent) -> StripeEvent | None:
    return db.session.scalar(select(StripeEvent).where(StripeEvent.event_id == event.id))


def _stored(event: GatewayEvent, clock: Clock) -> StripeEvent:
    row = StripeEvent(
        event_id=event.id,
        kind=event.kind[:80],
        api_version=event.api_version[:60],
        body=event.body,
        received_at=clock.now(),
    )
    try:
        with writing():
            db.session.add(row)
    except IntegrityError:
        # Another delivery of the same event came between; any other reason is a fault.
        known = _known(event)
        if known is None:
            raise
        return known
    return row


def run(row_id: int, services: Services) -> None:
    """Do what the event asks for; safe to repeat, because every verb converges."""
    row = db.session.get_one(StripeEvent, row_id)
    if row.finished_at is not None:
        return
    event = services.payments.reread_event(row.body)
    if event.kind.startswith("checkout.session."):
        _settle_session(event, services)
    elif event.kind.startswith(("refund.", "charge.refund")):
        _follow_refund(event, services)
    elif event.kind.startswith("charge.dispute."):
        _follow_dispute(event, services)
    with writing():
        _finish(row_id, services.clock)


def run_or_keep(row_id: int, services: Services) -> bool:
    """Run an event; when it fails keep its traceback, and return False."""
    try:
        run(row_id, services)
    except Exception as error:  # noqa: BLE001 - the inbox's edge: the row keeps what went wrong
        db.session.rollback()
        log.warning("event_failed", row=row_id, error=type(error).__name__)
        _keep_error(row_id, traceback.format_exc(limit=12))
        return False
    return True


def replay_later(row_id: int, clock: Clock) -> None:
    """Have a worker run the event soon; opens a transaction of its own."""
    with writing():
        enqueue(ReplayEvent(row_id), clock, delay=RETRY_AFTER)


def unfinished(before: timedelta, clock: Clock) -> list[int]:
    """Return events that have waited for so long, oldest first."""
    return list(
        db.session.scalars(
            select(StripeEvent.id)
            .where(
                StripeEvent.finished_at.is_(None), StripeEvent.received_at <= clock.now() - before
            )
            .order_by(StripeEvent.id)
        )
    )


def failing_events(limit: int) -> Sequence[StripeEvent]:
    """Return events that were tried and are not done, the oldest on top."""
    return db.session.scalars(
        select(StripeEvent)
        .where(StripeEvent.finished_at.is_(None), StripeEvent.attempts > 0)
        .order_by(StripeEvent.id)
        .options(defer(StripeEvent.body))
        .limit(limit)
    ).all()


def failing_count() -> int:
    return db.session.scalars(
        select(func.count())
        .select_from(StripeEvent)
        .where(StripeEvent.finished_at.is_(None), StripeEvent.attempts > 0)
    ).one()


def forget_old_bodies(clock: Clock) -> None:
    """Empty the bodies of finished events that are too old to be of use; opens a transaction."""
    with writing():
        db.session.execute(
            update(StripeEvent)
            .where(
                StripeEvent.finished_at.is_not(None),
                StripeEvent.received_at < clock.now() - BODIES_KEPT,
                StripeEvent.body != "",
            )
            .values(body="")
        )


def _settle_session(event: GatewayEvent, services: Services) -> None:
    order = order_of_session(event.session_id) or adopt_or_report(event.session_id, services)
    if order is not None:
        settle(order, services)


def _follow_refund(event: GatewayEvent, services: Services) -> None:
    order = order_of_intent(event.intent_id)
    if order is not None:
        sync_refunds(order, services)
        return
    # The refund came before the payment that it gives back: settling finds both.
    order = _order_named(event)
    if order is not None:
        settle(order, services)


def _order_named(event: GatewayEvent) -> Order | None:
    return db.session.scalar(select(Order).where(Order.number == event.number))


def _follow_dispute(event: GatewayEvent, services: Services) -> None:
    order = order_of_intent(event.intent_id)
    if order is None:
        # Another seller's on the same account, or it came before its payment: settling finds it.
        log.warning("dispute_of_no_order", event_id=event.id)
        return
    sync_disputes(order, services)


def _finish(row_id: int, clock: Clock) -> None:
    db.session.execute(
        update(StripeEvent)
        .where(StripeEvent.id == row_id, StripeEvent.finished_at.is_(None))
        .values(finished_at=clock.now(), attempts=StripeEvent.attempts + 1, error="")
    )


def _keep_error(row_id: int, error: str) -> None:
    with writing():
        db.session.execute(
            update(StripeEvent)
            .where(StripeEvent.id == row_id)
            .values(attempts=StripeEvent.attempts + 1, error=error[-4000:])
        )
