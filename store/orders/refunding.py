"""Gives money back, once: refused by us before Stripe is asked, recorded whatever Stripe answers.

A refund is a row before it is a request, so that a lost answer is found again by its key; refunds
made in Stripe's dashboard become rows too.
"""

import secrets
from collections.abc import Collection

from sqlalchemy import ColumnElement, select, update

from store.database import db, end_reading, writing
from store.orders.gift_cards import (
    end_bought,
    give_back_to_cards,
    revive_bought,
    take_from_cards_again,
    void_bought,
)
from store.orders.later_messages import (
    mail_paid_otherwise,
    mail_refund_failed,
    mail_refund_waits,
    mail_refunded,
)
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
    want_undisputed,
)
from store.orders.refund_split import RefundSplit, gift_units, split_refund
from store.orders.refunded_goods import cancel_unshipped, resume, settle_goods
from store.payments.gateway import GatewayRefusedError, GatewayStuckError, RefundFacts
from store.services import Services

__all__ = [
    "OverRefundError",
    "RefundWish",
    "record_refunds",
    "refund_order",
    "send_refund",
    "sync_refunds",
    "unsent_refund_ids",
    "write_paid_otherwise",
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

    Raises what plan_refund raises, DisputedError, and CardSpentError where the price of a gift
    card would go back that was spent.
    """
    want_undisputed(order)
    plan = plan_refund(order, wish)
    split = split_refund(order, plan.amount.minor)
    _reserve(order, split)
    refund = Refund(
        order_id=order.id,
        idempotency_key=f"refund-{order.number}-{secrets.token_hex(8)}",
        amount_minor=plan.amount.minor,
        currency=order.currency,
        reason=wish.reason,
        restocks=wish.returns,
        leaves_goods=wish.leaves_goods,
        shipping_minor=plan.shipping.minor,
        card_parts=[[payment_id, minor] for payment_id, minor in split.on_cards],
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
    db.session.flush()
    void_bought(order, gift_units(order, plan), refund, services)
    note(order, "refund_asked", services.clock, actor=actor, amount_minor=plan.amount.minor)
    return refund


def write_paid_otherwise(
    order: Order, wish: RefundWish, services: Services, *, actor: str
) -> Refund:
    """Write down money of a locked order that was given back by hand; Stripe is not asked.

    It counts as every other refund does. Raises what plan_refund raises; flushes only.
    """
    refund = write_refund(order, wish, services, actor=actor)
    refund.idempotency_key, refund.means, refund.status = None, "other", RefundStatus.SUCCEEDED
    db.session.flush()
    settle_goods(order, refund, services)
    give_back_to_cards(order, refund, services)
    note(order, "refund_otherwise", services.clock, actor=actor, amount_minor=refund.amount_minor)
    _count_back(order)
    _follow_the_money(order, services)
    mail_paid_otherwise(order, refund, services)
    issue_papers(order, services)
    return refund


def send_refund(refund_id: int, services: Services) -> Refund:
    """Ask Stripe for a refund that is written, unless it has it already; record the answer.

    What goes back to gift cards alone is no affair of Stripe's.
    """
    refund = db.session.get_one(Refund, refund_id)
    order_id, amount = refund.order_id, refund.by_service.minor
    key, tries = refund.idempotency_key or "", refund.tries
    if not amount:
        with writing():
            _finish_on_cards(locked_order(order_id), refund_id, services)
        return db.session.get_one(Refund, refund_id)
    intent_id = _intent_of(order_id)
    end_reading()
    # Stripe forgets keys after a day: what bears our key over there is not asked for again.
    facts = next((f for f in services.payments.refunds_of(intent_id) if f.key == key), None)
    try:
        facts = facts or services.payments.refund(intent_id, amount, key=key, tries=tries)
    except GatewayStuckError:
        # Stripe repeats this failure for ever; it lists no refund with our key, so none was made.
        with writing():
            db.session.get_one(Refund, refund_id).tries = tries + 1
        raise
    except GatewayRefusedError as refused:
        with writing():
            _give_up(locked_order(order_id), refund_id, str(refused), services)
        raise
    with writing():
        record_refunds(locked_order(order_id), [facts], services)
    return db.session.get_one(Refund, refund_id)


def sync_refunds(order: Order, services: Services) -> None:
    """Make our refunds of this order what Stripe says; opens a transaction of its own."""
    by_service = [payment for payment in order.payments if payment.gift_card_id is None]
    order_id, intents = order.id, [payment.intent_id for payment in by_service]
    end_reading()
    facts = [fact for intent_id in intents for fact in services.payments.refunds_of(intent_id)]
    with writing():
        record_refunds(locked_order(order_id), facts, services)


def record_refunds(order: Order, facts: Collection[RefundFacts], services: Services) -> None:
    """Write what Stripe says of these refunds to a locked order; the same facts change nothing."""
    known = {refund.stripe_id for refund in order.refunds}
    news = []
    for fact in sorted(facts, key=lambda fact: fact.created_at):
        refund = _row_of(order, fact, services)
        has_moved = _record_status(order, refund, fact, services) is not None
        if has_moved or fact.id not in known:
            news.append(refund)
    _follow(order, news, services)


def _finish_on_cards(order: Order, refund_id: int, services: Services) -> None:
    """Give back to gift cards alone, once; the order is locked."""
    refund = next(refund for refund in order.refunds if refund.id == refund_id)
    if refund.status != RefundStatus.PENDING:
        return
    settle_goods(order, refund, services)
    refund.status = RefundStatus.SUCCEEDED
    give_back_to_cards(order, refund, services)
    note(order, "refund_succeeded", services.clock, amount_minor=refund.amount_minor)
    _follow(order, [refund], services)


def _follow(order: Order, news: Collection[Refund], services: Services) -> None:
    """Let the order follow its money, and its reader know."""
    _count_back(order)
    _follow_the_money(order, services)
    for refund in news:
        _tell(order, refund, services)
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


def _reserve(order: Order, split: RefundSplit) -> None:
    """Take the amount off what is left of each payment, in one conditional statement each."""
    if split.by_service:
        _take_off(split.by_service, Payment.order_id == order.id, Payment.gift_card_id.is_(None))
    for payment_id, minor in split.on_cards:
        _take_off(minor, Payment.id == payment_id)


def _take_off(amount: int, *which: ColumnElement[bool]) -> None:
    taken = db.session.scalar(
        update(Payment)
        .where(
            *which,
            Payment.refunded_minor + Payment.lost_minor + amount <= Payment.amount_minor,
        )
        .values(refunded_minor=Payment.refunded_minor + amount)
        .returning(Payment.id)
    )
    if taken is None:
        raise OverRefundError(f"{amount} is more than is left of what was paid")


def _intent_of(order_id: int) -> str:
    return db.session.scalars(
        select(Payment.intent_id).where(
            Payment.order_id == order_id, Payment.gift_card_id.is_(None)
        )
    ).one()


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
    _move_cards(order, refund, before, services)
    note(order, f"refund_{now}", services.clock, amount_minor=refund.amount_minor)
    if now in LOST:
        mail_attention(order, f"refund_{now}", services, about=fact.id)
    return now


def _move_cards(order: Order, refund: Refund, before: RefundStatus, services: Services) -> None:
    """Give gift cards their part once the rest has gone through; undo it where that failed."""
    if refund.status == RefundStatus.SUCCEEDED:
        give_back_to_cards(order, refund, services)
    if refund.status in LOST:
        revive_bought(order, refund, services)
        gone = 0
        if before is RefundStatus.SUCCEEDED:
            gone = take_from_cards_again(order, refund, services)
        if gone:
            note(order, "refund_spent_meanwhile", services.clock, amount_minor=gone)


def _tell(order: Order, refund: Refund, services: Services) -> None:
    """Mail the reader what has become of her money."""
    match RefundStatus(refund.status):
        case RefundStatus.SUCCEEDED:
            mail_refunded(order, refund, services)
        case RefundStatus.PENDING | RefundStatus.REQUIRES_ACTION:
            mail_refund_waits(order, refund, services)
        case RefundStatus.FAILED | RefundStatus.CANCELLED:
            mail_refund_failed(order, refund, services)


def _give_up(order: Order, refund_id: int, why: str, services: Services) -> None:
    refund = next(refund for refund in order.refunds if refund.id == refund_id)
    if refund.stripe_id is None and refund.status == RefundStatus.PENDING:
        refund.status = RefundStatus.FAILED
        revive_bought(order, refund, services)
        note(order, "refund_refused", services.clock, why=why[:400])
        _count_back(order)


def _count_back(order: Order) -> None:
    """Set what went back to the sum of the refunds that still stand."""
    db.session.flush()
    live = live_refunds(order)
    by_service = sum(refund.by_service.minor for refund in live)
    for payment in order.payments:
        of_card = (m for refund in live for i, m in refund.card_parts if i == payment.id)
        back = by_service if payment.gift_card_id is None else sum(of_card)
        payment.refunded_minor = min(back, payment.amount_minor)
    db.session.flush()


def _follow_the_money(order: Order, services: Services) -> None:
    is_all_back = bool(order.payments) and all(
        payment.refunded_minor == payment.amount_minor for payment in order.payments
    )
    if is_all_back and order.state in REFUNDABLE:
        cancel_unshipped([line for line in order.lines if line.left_to_ship])
        advance(order, OrderState.REFUNDED, services.clock, because="refunded")
        spent = end_bought(order, services)
        if spent:
            note(order, "gift_card_spent", services.clock, cards=spent)
            mail_attention(order, "gift_card_spent", services)
    elif not is_all_back and order.state == OrderState.REFUNDED:
        resume(order, services)
