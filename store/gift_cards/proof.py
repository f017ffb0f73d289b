"""Answers whether each gift card's balance is what its ledger and its holds say."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from store.clock import Clock
from store.database import db
from store.gift_cards.models import (
    GiftCard,
    GiftCardEntry,
    GiftCardProof,
    GiftCardUse,
    UseState,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that its rows do not explain."""

    card_id: int
    column: str
    found: int
    explained: int


def proof() -> list[Difference]:
    """Return what differs: the ledger sums to the balance, holds of open orders to what is held."""
    return [*_differences("balance"), *_differences("held")]


def prove(clock: Clock) -> GiftCardProof:
    """Write down how many numbers differ at this moment; flushes only."""
    proved = GiftCardProof(at=clock.now(), differences=len(proof()))
    db.session.add(proved)
    db.session.flush()
    return proved


def last_proof() -> GiftCardProof | None:
    return db.session.scalar(select(GiftCardProof).order_by(GiftCardProof.id.desc()).limit(1))


def _differences(column: str) -> Iterator[Difference]:
    sums = (_entered() if column == "balance" else _held()).subquery()
    found = GiftCard.balance_minor if column == "balance" else GiftCard.held_minor
    explained = func.coalesce(sums.c.minor, 0)
    rows = db.session.execute(
        select(GiftCard.id, found, explained)
        .outerjoin(sums, sums.c.gift_card_id == GiftCard.id)
        .where(found != explained)
        .order_by(GiftCard.id)
    )
    for card_id, minor, expected in rows:
        yield Difference(card_id, column, minor, int(expected))


def _entered() -> Select[int, int]:
    return select(
        GiftCardEntry.gift_card_id, func.sum(GiftCardEntry.amount_minor).label("minor")
    ).group_by(GiftCardEntry.gift_card_id)


def _held() -> Select[int, int]:
    return (
        select(GiftCardUse.gift_card_id, func.sum(GiftCardUse.amount_minor).label("minor"))
        .where(GiftCardUse.state == UseState.HELD)
        .group_by(GiftCardUse.gift_card_id)
    )
