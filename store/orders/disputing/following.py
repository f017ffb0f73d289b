"""Makes our disputes what Stripe says: webhooks, sweeps and the daily comparison all call it."""

from collections.abc import Collection

from sqlalchemy import select, text

from store.database import db, end_reading, writing
from store.orders.disputing.models import ENDED, IS_OPEN, Dispute, DisputeStatus
from store.orders.lifecycle import note
from store.orders.messages import mail_attention
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.refunded_goods import cancel_unshipped
from store.payments.gateway import DisputeFacts
from store.services import Services

CLOSED_STEPS = {
    DisputeStatus.WON: "dispute_won",
    DisputeStatus.LOST: "dispute_lost",
    DisputeStatus.WARNING_CLOSED: "dispute_warning_closed",
    DisputeStatus.PREVENTED: "dispute_prevented",
}


def sync_disputes(order: Order, services: Services) -> None:
    """Ask Stripe for the disputes of this order and converge; opens a transaction of its own."""
    order_id, intents = order.id, [payment.intent_id for payment in order.payments]
    end_reading()
    facts = [fact for intent_id in intents for fact in services.payments.disputes_of(intent_id)]
    with writing():
        record_disputes(locked_order(order_id), facts, services)


def record_disputes(order: Order, facts: Collection[DisputeFacts], services: Services) -> None:
    """Write what Stripe says to a locked order; the same facts change nothing. Flushes only."""
    for fact in sorted(facts, key=lambda fact: fact.created_at):
        dispute = db.session.scalar(select(Dispute).where(Dispute.stripe_id == fact.id))
        if dispute is None:
            dispute = _opened(order, fact, services)
        elif dispute.closed_at is not None and fact.status not in ENDED:
            # An answer that was read before the end must not open it again.
            continue
        _follow(order, dispute, fact, services)
    _count_lost(order)


def open_dispute_orders() -> list[int]:
    """Return the orders whose payment is disputed now."""
    return list(db.session.scalars(select(Dispute.order_id).where(text(IS_OPEN)).distinct()))


def _opened(order: Order, fact: DisputeFacts, services: Services) -> Dispute:
    dispute = Dispute(
        order_id=order.id,
        stripe_id=fact.id,
        intent_id=fact.intent_id,
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        reason=fact.reason[:80],
        status="",
        opened_at=fact.created_at,
        updated_at=services.clock.now(),
    )
    db.session.add(dispute)
    db.session.flush()
    kind = "dispute_warning" if fact.status.startswith("warning") else "dispute_created"
    note(order, kind, services.clock, amount_minor=fact.amount_minor, dispute=fact.id)
    mail_attention(order, kind, services, about=fact.id)
    return dispute


def _follow(order: Order, dispute: Dispute, fact: DisputeFacts, services: Services) -> None:
    before, money_before = dispute.status, (dispute.is_withdrawn, dispute.is_reinstated)
    dispute.status, dispute.is_refundable = fact.status[:40], fact.is_refundable
    dispute.amount_minor, dispute.reason = fact.amount_minor, fact.reason[:80]
    dispute.due_by, dispute.submissions = fact.due_by, fact.submissions
    dispute.has_evidence = fact.has_evidence
    dispute.is_withdrawn, dispute.is_reinstated = fact.is_withdrawn, fact.is_reinstated
    if before == fact.status and money_before == (fact.is_withdrawn, fact.is_reinstated):
        return
    dispute.updated_at = services.clock.now()
    if fact.status in ENDED and dispute.closed_at is None:
        _close(order, dispute, services)
    elif before not in {"", fact.status}:
        is_sent = fact.status.endswith("under_review")
        note(order, "dispute_under_review" if is_sent else "dispute_updated", services.clock)


def _close(order: Order, dispute: Dispute, services: Services) -> None:
    dispute.closed_at = services.clock.now()
    step = CLOSED_STEPS[DisputeStatus(dispute.status)]
    note(order, step, services.clock, amount_minor=dispute.amount_minor)
    mail_attention(order, step, services, about=dispute.stripe_id)
    if dispute.is_lost and not dispute.ships_anyway and _took_all(order, dispute):
        cancel_unshipped([line for line in order.lines if line.left_to_ship])


def _took_all(order: Order, dispute: Dispute) -> bool:
    """Whether the bank has everything that the reader paid and did not have back."""
    kept = sum(payment.amount_minor - payment.refunded_minor for payment in order.payments)
    return dispute.amount_minor >= kept


def _count_lost(order: Order) -> None:
    """Set what banks have taken for good to the sum of the disputes that were lost."""
    db.session.flush()
    rows = db.session.execute(
        select(Dispute.intent_id, Dispute.amount_minor).where(
            Dispute.order_id == order.id, Dispute.status == DisputeStatus.LOST
        )
    )
    lost: dict[str, int] = {}
    for intent_id, amount in rows:
        lost[intent_id] = lost.get(intent_id, 0) + amount
    for payment in order.payments:
        # A refund that came before is not lost twice.
        most = payment.amount_minor - payment.refunded_minor
        payment.lost_minor = min(lost.get(payment.intent_id, 0), most)
    db.session.flush()
