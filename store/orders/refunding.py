"""Gives money back, once: refused by us before Stripe is asked, recorded whatever Stripe answers.

A refund is a row before it is a request, so that a lost answer is found again by its key; refunds
made in Stripe's dashboard become rows too.
"""

import secrets
from collections.abc import Collection

from sqlalchemy import select, update

from store.database import db, end_reading, writing
from store.orders.later_messages import mail_refunded
from store.orders.lifecycle import advance, note
from store.orders.messages import mail_attention
from store.orders.models import Order, OrderState, Payment, Refund, RefundLine, RefundStatus
from store.orders.papers.issuing import issue_papers
from store.orders.queries import locked_order
from store.orders.refund_plans import (
    REFUNDABLE,
    OverRefundError,
    RefundWish,
    live_refunds,
    plan_refund,
)
from store.orders.refunded_goods import cancel_unshipped, resume, settle_goods
from store.payments.gateway import GatewayRefusedError, RefundFacts
from store.services import Services

__all__ = [
    "OverRefundError",
    "RefundWish",
    "record_refunds",
    "refund_order",
    "send_refund",
    "sync_refunds",
    "unsent_refund_ids",
    "write_refund",
]

# What Stripe said last stands: an answer that was read earlier must not bring "pending" back.
FINAL = frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED, RefundStatus.CANCELLED})
LOST = frozenset({RefundStatus.FAILED, RefundStatus.CANCELLED})


def refund_order(order: Order, wish: RefundWish, services: Services, *, actor: str) -> Refund:
    """Refund through Stripe; raises OverRefundError before asking, GatewayRefusedError after.

    GatewayUnknownError leaves the row pending: the sweep asks again with the same key. Opens
    transactions of its own.
    """
    order_id = order.id
    with writing():
        refund_id = write_refund(locked_order(order_id), wish, services, actor=actor).id
    return send_refund(refund_id, services)


def write_refund(order: Order, wish: RefundWish, services: Services, *, actor: str) -> Refund:
    """Write down a refund of a locked order, which send_refund asks for next; flushes only.

    Raises what plan_refund raises.
    """
    plan = plan_refund(order, wish)
    _reserve(order, plan.amount.minor)
    refund = Refund(
        order_id=order.id,
        idempotency_key=f"refund-{order.number}-{secrets.token_hex(8)}",
        amount_minor=plan.amount.minor,
        currency=order.currency,
        reason=wish.reason,
        restocks=wish.returns,
        leaves_goods=wish.leaves_goods,
        shipping_minor=plan.shipping.minor,
        line_ids=[part.line.id for part in plan.lines],
        lines=[
            RefundLine(
                order_line_id=part.line.id, quantity=part.quantity, amount_minor=part.amount_minor
            )
            for part in plan.lines
        ],
        at=services.clock.now(),
    )
    order.refunds.append(refund)
    note(order, "refund_asked", services.clock, actor=actor, amount_minor=plan.amount.minor)
    return refund


def send_refund(refund_id: int, services: Services) -> Refund:
    """Ask Stripe for a refund that is written, unless it has it already; record the answer."""
    refund = db.session.get_one(Refund, refund_id)
    order_id, amount, key = refund.order_id, refund.amount_minor, refund.idempotency_key or ""
    intent_id = _intent_of(order_id)
    end_reading()
    # Stripe forgets keys after a day: what bears our key over there is not asked for again.
    facts = next((f for f in services.payments.refunds_of(intent_id) if f.key == key), None)
    try:
        facts = facts or services.payments.refund(intent_id, amount, key=key)
    except GatewayRefusedError as refused:
        with writing():
            _give_up(locked_order(order_id), refund_id, str(refused), services)
        raise
    with writing():
        record_refunds(locked_order(order_id), [facts], services)
    return db.session.get_one(Refund, refund_id)


def sync_refunds(order: Order, services: Services) -> None:
    """Make our refunds of this order what Stripe says; opens a transaction of its own."""
    order_id, intents = order.id, [payment.intent_id for payment in order.payments]
    end_reading()
    facts = [fact for intent_id in intents for fact in services.payments.refunds_of(intent_id)]
    with writing():
        record_refunds(locked_order(order_id), facts, services)


def record_refunds(order: Order, facts: Collection[RefundFacts], services: Services) -> None:
    """Write what Stripe says of these refunds to a locked order; the same facts change nothing."""
    arrived = []
    for fact in sorted(facts, key=lambda fact: fact.created_at):
        refund = _row_of(order, fact, services)
        if _record_status(order, refund, fact, services) is RefundStatus.SUCCEEDED:
            arrived.append(refund)
    _count_back(order)
    _follow_the_money(order, services)
    for refund in arrived:
        mail_refunded(order, refund, services)
    issue_papers(order, services)


def unsent_refund_ids() -> list[int]:
    """Return refunds whose answer from Stripe never came."""
    return list(
        db.session.scalars(
            select(Refund.id).where(
                Refund.stripe_id.is_(None), Refund.status == RefundStatus.PENDING
            )
        )
    )


def _reserve(order: Order, amount: int) -> None:
    """Take the amount off what is left of the payment, in one conditional statement."""
    taken = db.session.scalar(
        update(Payment)
        .where(
            Payment.order_id == order.id,
            Payment.refunded_minor + amount <= Payment.amount_minor,
        )
        .values(refunded_minor=Payment.refunded_minor + amount)
        .returning(Payment.id)
    )
    if taken is None:
        raise OverRefundError(f"{amount} is more than is left of what was paid")


def _intent_of(order_id: int) -> str:
    return db.session.scalars(select(Payment.intent_id).where(Payment.order_id == order_id)).one()


def _row_of(order: Order, fact: RefundFacts, services: Services) -> Refund:
    """Find the refund by Stripe's id, else by our key, else write the one made over there."""
    for refund in order.refunds:
        if refund.stripe_id == fact.id:
            return refund
    for refund in order.refunds:
        if fact.key and refund.idempotency_key == fact.key and refund.stripe_id is None:
            refund.stripe_id = fact.id
            if RefundStatus(fact.status).gives_back:
                settle_goods(order, refund, services)
            return refund
    refund = Refund(
        stripe_id=fact.id,
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        status=RefundStatus.PENDING,
        reason="made in Stripe's dashboard",
        at=fact.created_at,
    )
    order.refunds.append(refund)
    db.session.flush()
    return refund


def _record_status(
    order: Order, refund: Refund, fact: RefundFacts, services: Services
) -> RefundStatus | None:
    """Write down what the refund has become; return it where that is news."""
    before, now = RefundStatus(refund.status), RefundStatus(fact.status)
    is_stale = before in LOST or (before in FINAL and now not in FINAL)
    if before == now or is_stale:
        return None
    refund.status = now
    note(order, f"refund_{now}", services.clock, amount_minor=refund.amount_minor)
    if now in LOST:
        mail_attention(order, f"refund_{now}", services, about=fact.id)
    return now


def _give_up(order: Order, refund_id: int, why: str, services: Services) -> None:
    refund = next(refund for refund in order.refunds if refund.id == refund_id)
    if refund.stripe_id is None and refund.status == RefundStatus.PENDING:
        refund.status = RefundStatus.FAILED
        note(order, "refund_refused", services.clock, why=why[:400])
        _count_back(order)


def _count_back(order: Order) -> None:
    """Set what went back to the sum of the refunds that still stand."""
    db.session.flush()
    back = sum(refund.amount_minor for refund in live_refunds(order))
    for payment in order.payments:
        payment.refunded_minor = min(back, payment.amount_minor)
    db.session.flush()


def _follow_the_money(order: Order, services: Services) -> None:
    is_all_back = bool(order.payments) and all(
        payment.refunded_minor == payment.amount_minor for payment in order.payments
    )
    if is_all_back and order.state in REFUNDABLE:
        cancel_unshipped([line for line in order.lines if line.left_to_ship])
        advance(order, OrderState.REFUNDED, services.clock, because="refunded")
    elif not is_all_back and order.state == OrderState.REFUNDED:
        resume(order, services)
