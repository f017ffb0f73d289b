"""The daily proof that Stripe and the store agree; what differs is named with what to do."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from store.checkout import sweeping
from store.checkout.inbox import unfinished
from store.checkout.models import Reconciliation
from store.checkout.settling import NOT_YET_PAID, differences
from store.clock import Clock
from store.database import db, end_reading, writing
from store.orders.disputing.following import sync_disputes
from store.orders.models import Order, OrderState
from store.orders.queries import placed_since
from store.orders.refund_plans import adds_up, asked_of_stripe
from store.orders.refunding import sync_refunds
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError, PaySession
from store.services import Services

LOOKED_BACK = timedelta(days=35)
MOST_NAMED = 100
GRACE = timedelta(minutes=5)
"""Younger pages may be paid while they are compared; the sweep settles them anyway."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that Stripe and the store do not agree on, or that waits for a person."""

    number: str
    what: str
    advice: str


def settle_everything(services: Services) -> None:
    """Run every repair once, whatever its turn."""
    sweeping.close_lost_pages(services)
    sweeping.settle_open(services)
    sweeping.settle_awaiting(services)
    sweeping.end_holds(services)
    sweeping.fetch_undelivered(services)
    sweeping.replay_inbox(services, timedelta())
    sweeping.finish_refunds(services)


def reconcile(services: Services, since: datetime | None = None) -> list[Difference]:
    """Settle everything pending, then name what still differs; opens transactions of its own."""
    since = since or services.clock.now() - LOOKED_BACK
    try:
        settle_everything(services)
        end_reading()
        sessions = list(services.payments.sessions_since(since))
        _follow_refunds(sessions, services)
    except (GatewayUnknownError, GatewayRefusedError) as error:
        return [Difference("", f"Stripe was not to be asked: {error}", "Check the key, try again.")]
    found = [difference for session in sessions for difference in _of_session(session)]
    found += _of_orders(placed_since(since), sessions, services)
    return found + _of_inbox(services)


def reconcile_nightly(services: Services) -> None:
    found = reconcile(services)
    with writing():
        keep(found, services.clock)
    log.log(30 if found else 20, "reconciled", differences=len(found))


def keep(found: Sequence[Difference], clock: Clock) -> None:
    """Write down what differed at this moment, and forget the days before; flushes only."""
    db.session.execute(delete(Reconciliation))
    named = [asdict(difference) for difference in found[:MOST_NAMED]]
    db.session.add(Reconciliation(at=clock.now(), differences=len(found), named=named))
    db.session.flush()


def last_reconciliation() -> Reconciliation | None:
    return db.session.scalar(select(Reconciliation).order_by(Reconciliation.id.desc()).limit(1))


def _follow_refunds(sessions: Sequence[PaySession], services: Services) -> None:
    for session in sessions:
        order = _order_of(session)
        if order is None:
            continue
        if _refunds_differ(order, session):
            sync_refunds(order, services)
        if session.payment is not None and session.payment.is_disputed:
            # Also one that is over here may have moved there: the list says how each stands.
            sync_disputes(order, services)


def _of_session(session: PaySession) -> Iterator[Difference]:
    if not session.is_paid or _is_given_back(session):
        return
    intent = session.payment.intent_id if session.payment else ""
    refund_there = f"Refund {intent} in Stripe's dashboard, or find out who made {session.id}."
    order = _order_of(session)
    if order is None:
        yield Difference(session.number, "paid at Stripe, unknown here", refund_there)
    elif order.session_id != session.id:
        yield Difference(order.number, f"paid twice: {session.id} too", refund_there)
    elif order.state in NOT_YET_PAID:
        yield Difference(order.number, f"paid at Stripe, {order.state} here", "Run this again.")
    elif order.state != OrderState.PARKED:
        # What staff have accepted by hand is no news every day.
        for what in () if order.parked_reason else differences(order, session):
            yield Difference(order.number, what, "Compare both, then refund or ship.")
        if _refunds_differ(order, session):
            what = "refunds differ"
            yield Difference(order.number, what, f"Compare {intent} with the order's refunds.")


def _of_orders(
    orders: Sequence[Order], sessions: Sequence[PaySession], services: Services
) -> Iterator[Difference]:
    paid_there = {session.id for session in sessions if session.is_paid}
    settled_before = services.clock.now() - GRACE
    for order in orders:
        yield from _of_order(order, paid_there, settled_before)


def _of_order(
    order: Order, paid_there: Collection[str], settled_before: datetime
) -> Iterator[Difference]:
    is_free = not order.charged_minor and order.session_id is None
    missing = sum(line.shortage for line in order.lines if line.left_to_ship)
    if missing:
        advice = f"Receive stock, or: store orders refund {order.number}"
        yield Difference(order.number, f"{missing} units short", advice)
    match OrderState(order.state):
        case OrderState.PARKED:
            advice = f"store orders accept {order.number}, or store orders refund {order.number}"
            yield Difference(order.number, f"parked: {order.parked_reason}", advice)
        case OrderState.PAID | OrderState.REFUNDED if is_free:
            # Nothing was to charge, so Stripe never heard of it.
            pass
        case OrderState.PAID | OrderState.REFUNDED if order.session_id not in paid_there:
            yield Difference(order.number, "paid here, not at Stripe", "Do not ship; look there.")
        case OrderState.PENDING | OrderState.UNKNOWN if order.expires_at <= settled_before:
            yield Difference(order.number, "held past its end", "Run this again.")
        case _:
            pass


def _of_inbox(services: Services) -> list[Difference]:
    waiting = unfinished(GRACE, services.clock)
    if not waiting:
        return []
    return [Difference("", f"{len(waiting)} events could not be run", "Read stripe_event.error.")]


def _order_of(session: PaySession) -> Order | None:
    return db.session.scalar(select(Order).where(Order.number == session.number))


def _is_given_back(session: PaySession) -> bool:
    payment = session.payment
    return payment is not None and 0 < payment.received_minor <= payment.refunded_minor


def _refunds_differ(order: Order, session: PaySession) -> bool:
    if session.payment is None or order.session_id != session.id:
        return False
    return session.payment.refunded_minor != asked_of_stripe(order) or not adds_up(order)
