"""Holds, spends and lets go of what orders take from gift cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.database import db
from store.errors import ConflictError
from store.gift_cards import ledger
from store.gift_cards.ledger import Cause
from store.gift_cards.models import GiftCardUse, UseState
from store.money import Money


class GiftCardShortError(ConflictError):
    """A gift card that the cart was shown was spent elsewhere, has ended, or was stopped."""

    def __init__(self, last_four: str) -> None:
        super().__init__(f"gift card ···{last_four} has less on it now")
        self.last_four = last_four


@dataclass(frozen=True, slots=True)
class CardPart:
    """What one card pays of an order."""

    card_id: int
    last_four: str
    amount: Money


def hold(parts: Sequence[CardPart], order_id: int, holder: int | None, now: datetime) -> None:
    """Keep what cards pay for an order that is being placed; raises GiftCardShortError.

    Call it after stock and discounts: whoever lets go of an order goes the same way round.
    """
    for part in sorted(parts, key=lambda part: part.card_id):
        if not ledger.hold(part.card_id, part.amount.minor, now):
            raise GiftCardShortError(part.last_four)
        db.session.add(
            GiftCardUse(
                gift_card_id=part.card_id,
                order_id=order_id,
                holder=holder,
                last_four=part.last_four,
                amount_minor=part.amount.minor,
                at=now,
            )
        )
    db.session.flush()


def spend(uses: Sequence[GiftCardUse], cause: Cause) -> list[GiftCardUse]:
    """Take what an order was promised off its cards; return the uses for which it is gone.

    What was let go is taken again where it is still there.
    """
    lacking = []
    for use in _in_order(uses):
        if use.state in {UseState.SPENT, UseState.LACKING}:
            continue
        is_held = use.state == UseState.HELD
        if ledger.spend(use.gift_card_id, use.amount_minor, cause, is_held=is_held):
            use.state = UseState.SPENT
        else:
            use.state = UseState.LACKING
            lacking.append(use)
    db.session.flush()
    return lacking


def let_go(uses: Sequence[GiftCardUse]) -> None:
    """Let others have what is held for an order that can no longer be paid."""
    for use in _in_order(uses):
        if use.state == UseState.HELD:
            use.state = UseState.RELEASED
            ledger.release(use.gift_card_id, use.amount_minor)
    db.session.flush()


def held_by_cart(cart_id: int) -> dict[int, int]:
    """Return what the open order of this cart holds of which card, in minor units."""
    rows = db.session.execute(
        select(GiftCardUse.gift_card_id, func.sum(GiftCardUse.amount_minor))
        .where(GiftCardUse.holder == cart_id, GiftCardUse.state == UseState.HELD)
        .group_by(GiftCardUse.gift_card_id)
    )
    return {card_id: int(held) for card_id, held in rows}


def _in_order(uses: Sequence[GiftCardUse]) -> list[GiftCardUse]:
    return sorted(uses, key=lambda use: use.gift_card_id)
