"""Answers a dispute through Stripe: written down first, asked once, recorded whatever comes.

What is asked for keeps its key and its exact words until Stripe has said what became of it, so
whoever asks again repeats the very same.
"""

import secrets
from collections.abc import Mapping

import structlog
from sqlalchemy import select, text

from store.database import db, end_reading, writing
from store.errors import ConflictError, InvalidError, NotFoundError, StoreError
from store.orders.disputing.following import record_disputes
from store.orders.disputing.models import IS_UNHEARD, Ask, Dispute
from store.orders.lifecycle import note
from store.orders.models import Order
from store.orders.queries import locked_order
from store.payments.gateway import DisputeFacts, GatewayRefusedError, GatewayStuckError
from store.services import Services

LONGEST_STATEMENT = 8_000
STEPS = {
    Ask.KEEP: "dispute_evidence_kept",
    Ask.SUBMIT: "dispute_submitted",
    Ask.ACCEPT: "dispute_accepted",
}

log = structlog.get_logger(__name__)


class NotAnswerableError(ConflictError):
    """The bank takes no answer to this dispute any more, or never did."""


class BeingAnsweredError(ConflictError):
    """An answer is under way, and Stripe has not said what became of it."""


def locked_dispute(dispute_id: int) -> Dispute:
    """Return the dispute as it is now, with its order locked; NotFoundError if there is none."""
    order_id = db.session.scalar(select(Dispute.order_id).where(Dispute.id == dispute_id))
    if order_id is None:
        raise NotFoundError(f"no dispute {dispute_id}")
    locked_order(order_id)
    return db.session.scalars(
        select(Dispute).where(Dispute.id == dispute_id).execution_options(populate_existing=True)
    ).one()


def write_statement(dispute: Dispute, words: str, services: Services) -> None:
    """Keep what staff say in their own words; flushes only."""
    kept = words.replace("\r\n", "\n").strip()
    if len(kept) > LONGEST_STATEMENT:
        raise InvalidError("a statement of that length leaves no room for the records")
    dispute.statement, dispute.updated_at = kept, services.clock.now()
    db.session.flush()


def ask(
    dispute: Dispute, what: Ask, evidence: Mapping[str, str], services: Services, *, actor: str
) -> None:
    """Write down what a locked dispute is to be answered, which send_answer does next.

    Raises NotAnswerableError, BeingAnsweredError; flushes only.
    """
    if dispute.asked_key is not None:
        raise BeingAnsweredError(f"an answer to {dispute.stripe_id} is under way")
    if not dispute.is_answerable:
        raise NotAnswerableError(f"{dispute.stripe_id} is {dispute.status}")
    dispute.asked_what, dispute.asked_key = what, _new_key(dispute)
    dispute.asked_evidence = dict(evidence)
    dispute.asked_by, dispute.asked_at = actor[:120], services.clock.now()
    db.session.flush()


def send_answer(dispute_id: int, services: Services) -> None:
    """Ask Stripe for what is written; record the answer. Opens transactions of its own.

    GatewayUnknownError leaves it written: the sweep asks again with the same key. What Stripe
    refuses (GatewayRefusedError) is not asked for again.
    """
    dispute = db.session.get_one(Dispute, dispute_id)
    if dispute.asked_key is None:
        return
    intent_id, before, key = dispute.intent_id, dispute.submissions, dispute.asked_key
    end_reading()
    try:
        facts = _asked(dispute_id, services)
    except GatewayRefusedError as refused:
        listed = services.payments.disputes_of(intent_id)
        with writing():
            _record(dispute_id, key, listed, services, refusal=str(refused))
        raise
    except GatewayStuckError:
        # Stripe repeats this failure for ever: what it lists says whether anything was done.
        listed = services.payments.disputes_of(intent_id)
        with writing():
            _after_failure(dispute_id, key, before, listed, services)
        raise
    with writing():
        _record(dispute_id, key, [facts], services)


def finish_answers(services: Services) -> None:
    """Ask again for every answer that Stripe said nothing to; opens transactions of its own."""
    end_reading()
    for dispute_id in db.session.scalars(select(Dispute.id).where(text(IS_UNHEARD))).all():
        try:
            send_answer(dispute_id, services)
        except StoreError as error:
            log.warning("dispute_not_answered", dispute=dispute_id, error=type(error).__name__)


def send_anyway(dispute: Dispute, services: Services, *, actor: str) -> None:
    """Let the goods of a locked order leave although their money is disputed; flushes only."""
    dispute.ships_anyway, dispute.updated_at = True, services.clock.now()
    note(dispute.order, "dispute_ships_anyway", services.clock, actor=actor[:80])


def _asked(dispute_id: int, services: Services) -> DisputeFacts:
    dispute = db.session.get_one(Dispute, dispute_id)
    stripe_id, key, what = dispute.stripe_id, dispute.asked_key or "", Ask(dispute.asked_what)
    evidence = dict(dispute.asked_evidence)
    end_reading()
    if what is Ask.ACCEPT:
        return services.payments.accept_dispute(stripe_id, key=key)
    return services.payments.answer_dispute(
        stripe_id, evidence, submits=what is Ask.SUBMIT, key=key
    )


def _record(
    dispute_id: int,
    key: str,
    facts: list[DisputeFacts],
    services: Services,
    *,
    refusal: str = "",
) -> None:
    dispute = locked_dispute(dispute_id)
    order: Order = dispute.order
    if dispute.asked_key == key:
        actor, step = dispute.asked_by[:80], STEPS[Ask(dispute.asked_what)]
        dispute.asked_key = None
        if refusal:
            note(order, "dispute_answer_refused", services.clock, actor=actor, why=refusal[:400])
        else:
            note(order, step, services.clock, actor=actor)
    record_disputes(order, facts, services)


def _after_failure(
    dispute_id: int, key: str, before: int, facts: list[DisputeFacts], services: Services
) -> None:
    dispute = locked_dispute(dispute_id)
    now = next((fact for fact in facts if fact.id == dispute.stripe_id), None)
    was_done = now is not None and (now.submissions > before or now.status != dispute.status)
    if was_done:
        _record(dispute_id, key, facts, services)
    elif dispute.asked_key == key:
        dispute.asked_key = _new_key(dispute)


def _new_key(dispute: Dispute) -> str:
    return f"dispute-{dispute.stripe_id}-{secrets.token_hex(8)}"
