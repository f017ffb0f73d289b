"""Gift cards at the desk: the list, what is done to one by hand, and what of that is taken back."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, TextClause, func, select, text

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError
from store.gift_cards import ledger
from store.gift_cards.codes import LENGTH
from store.gift_cards.issuing import Addressee, good_until, issue_by_hand
from store.gift_cards.ledger import CardChangedError, Cause
from store.gift_cards.mailing import mail_again
from store.gift_cards.models import HAS_LEFT, CardState, GiftCard, GiftCardEntry
from store.money import Money
from store.orders.models import Order
from store.services import Services
from store.staff.audit import Actor, NotUndoableError, Thing, Values, record
from store.staff.key_set import Part, part_of
from store.staff.models import AuditEntry

KIND = "gift_card"
LAST = 4
LONGEST_SEARCH = 320
SOON = timedelta(days=60)


class Look(StrEnum):
    LEFT = "left"
    """Good, with something left on it."""
    UNMAILED = "unmailed"
    OVER = "over"
    ALL = "all"


def cards_in(look: Look, typed: str, cursor: str) -> Part[GiftCard]:
    """Return a part of the cards, the newest first; what was typed finds them in every look."""
    wanted = select(GiftCard)
    wanted = wanted.where(_found_by(typed)) if typed else wanted.where(*_seen_in(look))
    return part_of(wanted, [GiftCard.id], cursor)


def owed() -> list[Money]:
    """Return what all cards together are still good for, by currency."""
    rows = db.session.execute(
        select(GiftCard.currency, func.sum(GiftCard.balance_minor))
        .where(text(HAS_LEFT))
        .group_by(GiftCard.currency)
        .order_by(GiftCard.currency)
    )
    return [Money(int(minor), currency) for currency, minor in rows]


def card_of(card_id: int, *, locked: bool = False) -> GiftCard:
    wanted = select(GiftCard).where(GiftCard.id == card_id)
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError(f"no gift card {card_id}")
    return found


def entries_of(card: GiftCard) -> Sequence[tuple[GiftCardEntry, str | None]]:
    """Return the ledger of a card, the newest first, with the numbers of the orders in it."""
    rows = db.session.execute(
        select(GiftCardEntry, Order.number)
        .outerjoin(Order, Order.id == GiftCardEntry.order_id)
        .where(GiftCardEntry.gift_card_id == card.id)
        .order_by(GiftCardEntry.id.desc())
    )
    return [(entry, number) for entry, number in rows]


def number_of(order_id: int | None) -> str:
    """Return the number of the order that bought a card; empty where nobody did."""
    found = select(Order.number).where(Order.id == order_id)
    return (db.session.scalar(found) or "") if order_id else ""


def cards_of_order(order: Order) -> Sequence[GiftCard]:
    """Return the cards that an order bought."""
    return db.session.scalars(
        select(GiftCard).where(GiftCard.order_id == order.id).order_by(GiftCard.id)
    ).all()


def thing_of(card: GiftCard) -> Thing:
    return Thing(KIND, str(card.id), f"···{card.last_four}" if card.last_four else f"#{card.id}")


def issue(
    value: Money, addressee: Addressee, reason: str, actor: Actor, services: Services
) -> GiftCard:
    """Issue a card that nobody bought; flushes only."""
    cause = Cause.by(actor.name, reason, services.clock)
    card = issue_by_hand(value, addressee, cause, services)
    after = {**_values(card), "reason": reason, "recipient": addressee.recipient}
    record(actor, "gift_card.issued", thing_of(card), clock=services.clock, after=after)
    return card


def adjust(card: GiftCard, amount: Money, reason: str, actor: Actor, clock: Clock) -> None:
    """Put on or take off; raises CardChangedError where less is free. Flushes only."""
    before = _values(card)
    ledger.adjust(card, amount.minor, Cause.by(actor.name, reason, clock))
    _note("gift_card.adjusted", card, {**before, "reason": reason}, actor, clock)


def void(card: GiftCard, reason: str, actor: Actor, clock: Clock) -> None:
    """End a card; raises CardChangedError while an order is about to spend of it. Flushes only."""
    before = _values(card)
    ledger.void(card, Cause.by(actor.name, reason, clock))
    _note("gift_card.voided", card, {**before, "reason": reason}, actor, clock)


def send_again(card: GiftCard, recipient: str, actor: Actor, clock: Clock) -> None:
    """Have a card mailed with another code; flushes only."""
    if card.state != CardState.ACTIVE:
        raise CardChangedError("the card has ended")
    mail_again(card, recipient, clock)
    after = {"recipient": recipient}
    record(actor, "gift_card.mailed_again", thing_of(card), clock=clock, after=after)


class GiftCardUndo:
    """Takes back what was put on or taken off, and brings a voided card back as it was."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        card = db.session.get(GiftCard, int(thing_id))
        if card is None:
            return None
        values: dict[str, object] = {**_values(card), "reason": (entry.after or {}).get("reason")}
        return {name: values.get(name) for name in fields}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        card = card_of(int(entry.thing_id), locked=True)
        cause = Cause.by(actor.name, "taken back", services.clock)
        before, after = values.get("balance"), (entry.after or {}).get("balance")
        wanted = int(before["minor"]) if before else card.balance_minor
        try:
            if values.get("state") == CardState.ACTIVE:
                until = card.expires_at or good_until(services.clock.now(), services.settings)
                ledger.revive(card, wanted, cause, expires_at=until)
            elif before and after:
                ledger.adjust(card, wanted - int(after["minor"]), cause)
        except CardChangedError as error:
            raise NotUndoableError("the card has less free, or has ended") from error


def _note(act: str, card: GiftCard, told: Values, actor: Actor, clock: Clock) -> None:
    """Write down what an act made of a card; told is how it was before, and why."""
    db.session.refresh(card)
    before = {name: value for name, value in told.items() if name != "reason"}
    after = {**_values(card), "reason": told["reason"]}
    record(actor, act, thing_of(card), clock=clock, before=before, after=after)


def _values(card: GiftCard) -> dict[str, object]:
    return {
        "balance": {"minor": card.balance_minor, "currency": card.currency},
        "state": str(card.state),
    }


def _seen_in(look: Look) -> tuple[ColumnElement[bool] | TextClause, ...]:
    match look:
        case Look.LEFT:
            return GiftCard.state == CardState.ACTIVE, text(HAS_LEFT)
        case Look.UNMAILED:
            return GiftCard.state == CardState.ACTIVE, GiftCard.mailed_at.is_(None)
        case Look.OVER:
            return ((GiftCard.state != CardState.ACTIVE) | (GiftCard.balance_minor == 0),)
        case Look.ALL:
            return ()


def _found_by(typed: str) -> ColumnElement[bool]:
    """Find by address, by the number of the order, or by the last four signs of the code."""
    if "@" in typed:
        return GiftCard.recipient == typed
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(plain) in {LAST, LENGTH}:
        return GiftCard.last_four == plain[-LAST:]
    bought_by = select(Order.id).where(Order.number == typed.upper()).scalar_subquery()
    spent_by = (
        select(GiftCardEntry.gift_card_id)
        .join(Order, Order.id == GiftCardEntry.order_id)
        .where(Order.number == typed.upper())
    )
    return (GiftCard.order_id == bought_by) | GiftCard.id.in_(spent_by)
