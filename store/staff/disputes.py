"""Disputes at the desk: which there are, and each answer with its trace."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import func, select, text, true
from sqlalchemy.orm import selectinload

from store.database import db
from store.errors import NotFoundError
from store.orders.disputing import answering
from store.orders.disputing.answering import locked_dispute
from store.orders.disputing.models import ANSWERABLE, IS_OPEN, Ask, Dispute
from store.services import Services
from store.staff.audit import Actor, Thing, record
from store.staff.changes import money_value
from store.staff.key_set import Part, part_of

KIND = "dispute"
ACTS = {
    Ask.KEEP: "dispute.kept",
    Ask.SUBMIT: "dispute.submitted",
    Ask.ACCEPT: "dispute.accepted",
}


class Which(StrEnum):
    """Which disputes a list shows."""

    OPEN = "open"
    ALL = "all"


def thing_of(dispute: Dispute) -> Thing:
    return Thing(KIND, str(dispute.id), dispute.order.number)


def disputes(which: Which, cursor: str) -> Part[Dispute]:
    """Return some disputes, the newest first."""
    condition = text(IS_OPEN) if which is Which.OPEN else true()
    wanted = select(Dispute).where(condition).options(selectinload(Dispute.order))
    return part_of(wanted, [Dispute.id], cursor)


def known_dispute(dispute_id: int) -> Dispute:
    found = db.session.get(Dispute, dispute_id)
    if found is None:
        raise NotFoundError(f"no dispute {dispute_id}")
    return found


def to_answer() -> Sequence[Dispute]:
    """Return the disputes that a bank waits for an answer to, the most urgent on top."""
    return db.session.scalars(
        select(Dispute)
        .where(text(IS_OPEN), Dispute.status.in_(ANSWERABLE))
        .options(selectinload(Dispute.order))
        .order_by(func.coalesce(Dispute.due_by, Dispute.opened_at), Dispute.id)
    ).all()


def save_statement(dispute_id: int, words: str, services: Services, actor: Actor) -> None:
    """Keep what staff say in their own words; flushes only, as all below."""
    dispute = locked_dispute(dispute_id)
    before = {"our_words": dispute.statement}
    answering.write_statement(dispute, words, services)
    after = {"our_words": dispute.statement}
    thing = thing_of(dispute)
    record(actor, "dispute.worded", thing, clock=services.clock, before=before, after=after)


def ask(
    dispute_id: int, what: Ask, evidence: dict[str, str], services: Services, actor: Actor
) -> None:
    """Write down what the bank is answered; raises what answering.ask raises."""
    dispute = locked_dispute(dispute_id)
    answering.ask(dispute, what, evidence, services, actor=actor.name)
    told = {"amount": money_value(dispute.amount), "fields": sorted(evidence)}
    record(actor, ACTS[what], thing_of(dispute), clock=services.clock, after=told)


def send_anyway(dispute_id: int, services: Services, actor: Actor) -> None:
    """Let the goods leave although the payment is disputed."""
    dispute = locked_dispute(dispute_id)
    before = {"ships_anyway": dispute.ships_anyway}
    if not dispute.ships_anyway:
        answering.send_anyway(dispute, services, actor=actor.name)
    record(
        actor,
        "dispute.ships_anyway",
        thing_of(dispute),
        clock=services.clock,
        before=before,
        after={"ships_anyway": True},
    )
