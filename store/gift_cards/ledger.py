"""Changes what is on a gift card, each time with its line in the ledger; nothing else does.

Each change is one conditional statement with CHECK constraints behind it, so that fifty who spend
one card at once never take more than is on it. The ledger is only added to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from store.clock import Clock
from store.database import db
from store.errors import ConflictError, InvalidError
from store.gift_cards.models import CardState, EntryKind, GiftCard, GiftCardEntry
from store.money import smallest_charge_step


class CardChangedError(ConflictError):
    """The card is not what it was when this was decided: spent, voided, or about to be spent."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changes a balance, why, when, and for which order."""

    at: datetime
    order_id: int | None = None
    actor: str = "store"
    reason: str = ""

    @classmethod
    def by(cls, actor: str, reason: str, clock: Clock) -> "Cause":
        return cls(clock.now(), actor=actor[:120], reason=reason[:200])


def write_issued(card: GiftCard, cause: Cause) -> None:
    """Begin the ledger of a card that was just made."""
    _enter(card.id, EntryKind.ISSUED, card.value_minor, card.balance_minor, cause)


def hold(card_id: int, amount: int, now: datetime) -> bool:
    """Keep an amount for an order that is about to be paid; say whether there was enough."""
    held = GiftCard.held_minor + amount
    return _change(card_id, {"held_minor": held}, *_can_spend(amount, now)) is not None


def release(card_id: int, amount: int) -> None:
    """Let go of what was held."""
    _change(card_id, {"held_minor": GiftCard.held_minor - amount})


def spend(card_id: int, amount: int, cause: Cause, *, is_held: bool) -> bool:
    """Take an amount off, out of what is held or of what is free; say whether there was enough."""
    values = {"balance_minor": GiftCard.balance_minor - amount}
    if is_held:
        values["held_minor"] = GiftCard.held_minor - amount
    # What was held before the card ended is spent all the same.
    asked = () if is_held else _can_spend(amount, cause.at)
    left = _change(card_id, values, *asked)
    if left is not None:
        _enter(card_id, EntryKind.SPENT, -amount, left, cause)
    return left is not None


def give_back(card_id: int, amount: int, cause: Cause, *, expires_at: datetime | None) -> bool:
    """Put an amount back on; what had expired is good again until then. False where it is void."""
    state = db.session.scalar(select(GiftCard.state).where(GiftCard.id == card_id))
    values: dict[str, Any] = {"balance_minor": GiftCard.balance_minor + amount}
    if state == CardState.EXPIRED:
        values |= {"state": CardState.ACTIVE, "expires_at": expires_at}
    left = _change(card_id, values, GiftCard.state == state, GiftCard.state != CardState.VOIDED)
    if left is not None:
        _enter(card_id, EntryKind.GIVEN_BACK, amount, left, cause)
    return left is not None


def take_back(card_id: int, amount: int, cause: Cause) -> bool:
    """Take off again what was given back for a refund that failed; False where it was spent."""
    left = _change(card_id, {"balance_minor": GiftCard.balance_minor - amount}, *_has_free(amount))
    if left is not None:
        _enter(card_id, EntryKind.ADJUSTED, -amount, left, cause)
    return left is not None


def adjust(card: GiftCard, amount: int, cause: Cause) -> None:
    """Put on or take off what staff say; raises InvalidError, CardChangedError."""
    if not amount or amount % smallest_charge_step(card.currency):
        raise InvalidError("no amount that can be put on or taken off")
    asked = () if amount > 0 else _has_free(-amount)
    values = {"balance_minor": GiftCard.balance_minor + amount}
    left = _change(card.id, values, GiftCard.state == CardState.ACTIVE, *asked)
    if left is None:
        raise CardChangedError("the card is not active, or less is free on it")
    _enter(card.id, EntryKind.ADJUSTED, amount, left, cause)


def void(card: GiftCard, cause: Cause, *, only_untouched: bool = False) -> int:
    """End a card and return what was left on it; CardChangedError where an order holds of it."""
    return _end(card, CardState.VOIDED, cause, only_untouched=only_untouched)


def expire(card: GiftCard, cause: Cause) -> int:
    """End a card whose time is over; CardChangedError where an order still holds of it."""
    return _end(card, CardState.EXPIRED, cause)


def revive(card: GiftCard, amount: int, cause: Cause, *, expires_at: datetime | None) -> None:
    """Make a card that ended good for this amount; raises CardChangedError for any other."""
    left = _change(
        card.id,
        {
            "state": CardState.ACTIVE,
            "balance_minor": GiftCard.balance_minor + amount,
            "expires_at": expires_at,
        },
        GiftCard.state != CardState.ACTIVE,
    )
    if left is None:
        raise CardChangedError("the card has not ended")
    _enter(card.id, EntryKind.REVIVED, amount, left, cause)


def _end(card: GiftCard, state: CardState, cause: Cause, *, only_untouched: bool = False) -> int:
    before = db.session.scalars(
        select(GiftCard.balance_minor).where(GiftCard.id == card.id).with_for_update()
    ).one()
    whole = (GiftCard.balance_minor == GiftCard.value_minor,) if only_untouched else ()
    left = _change(
        card.id,
        {"state": state, "balance_minor": GiftCard.balance_minor - before, "mail_due_at": None},
        GiftCard.state == CardState.ACTIVE,
        GiftCard.held_minor == 0,
        GiftCard.balance_minor == before,
        *whole,
    )
    if left is None:
        raise CardChangedError("an order holds of the card, or it has ended")
    if before:
        kind = EntryKind.VOIDED if state is CardState.VOIDED else EntryKind.EXPIRED
        _enter(card.id, kind, -before, left, cause)
    return before


def _can_spend(amount: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_good = GiftCard.expires_at.is_(None) | (GiftCard.expires_at > now)
    return GiftCard.state == CardState.ACTIVE, is_good, *_has_free(amount)


def _has_free(amount: int) -> tuple[ColumnElement[bool], ...]:
    return (GiftCard.balance_minor - GiftCard.held_minor >= amount,)


def _change(card_id: int, values: dict[str, Any], *which: ColumnElement[bool]) -> int | None:
    """Change a card in one statement and return its balance; None where it is not so any more."""
    left = db.session.scalar(
        update(GiftCard)
        .where(GiftCard.id == card_id, *which)
        .values(**values)
        .returning(GiftCard.balance_minor)
        .execution_options(synchronize_session=False)
    )
    card = db.session.identity_map.get(db.session.identity_key(GiftCard, card_id))
    if card is not None:
        db.session.expire(card)
    return left


def _enter(card_id: int, kind: EntryKind, amount: int, left: int, cause: Cause) -> None:
    db.session.add(
        GiftCardEntry(
            gift_card_id=card_id,
            kind=kind,
            amount_minor=amount,
            balance_minor=left,
            order_id=cause.order_id,
            actor=cause.actor,
            reason=cause.reason,
            at=cause.at,
        )
    )
    db.session.flush()
