"""What gift cards do to the sales of a time: sold, which is owed and no turnover; and spent.

Both count for the moment at which their order was paid, less what went back since, as sales do. An
order that waits for a person has issued no cards yet, so its money counts as all other does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from store.database import Moment, db
from store.gift_cards.models import EntryKind, GiftCard, GiftCardEntry
from store.orders.models import Order, Payment

ROOM = timedelta(days=1)
"""A card is issued, and pays, while its order is settled: never this long before that is paid."""


@dataclass(frozen=True, slots=True)
class CardMoney:
    """Minor units; taken back is the price of cards that were sold and voided since."""

    sold: int = 0
    taken_back: int = 0
    spent: int = 0
    """What cards paid of goods, less what went back to them."""

    @property
    def owed(self) -> int:
        """What was sold and is not taken back."""
        return self.sold - self.taken_back

    def __add__(self, other: "CardMoney") -> "CardMoney":
        return CardMoney(
            self.sold + other.sold, self.taken_back + other.taken_back, self.spent + other.spent
        )


@dataclass(frozen=True, slots=True)
class CardSale:
    """One order that bought gift cards, or paid with some."""

    paid_at: datetime
    article: str
    currency: str
    money: CardMoney


def card_sales(start: datetime, until: datetime) -> Iterator[CardSale]:
    """Yield orders that were paid from one moment to another; one may come twice, in two parts."""
    for paid_at, article, currency, sold, back in db.session.execute(_sold(start, until)):
        yield CardSale(paid_at, article, currency, CardMoney(int(sold), int(back)))
    for paid_at, article, currency, spent in db.session.execute(_spent(start, until)):
        yield CardSale(paid_at, article, currency, CardMoney(spent=int(spent)))


def _sold(start: datetime, until: datetime) -> Select[Any, str, str, Any, Any]:
    is_issued = GiftCardEntry.kind == EntryKind.ISSUED
    is_ended = GiftCardEntry.kind.in_([EntryKind.VOIDED, EntryKind.REVIVED])
    return (
        select(
            Order.paid_at,
            Order.article,
            Order.currency,
            func.sum(case((is_issued, GiftCardEntry.amount_minor), else_=0)),
            func.sum(case((is_ended, -GiftCardEntry.amount_minor), else_=0)),
        )
        .select_from(GiftCard)
        .join(GiftCardEntry, GiftCardEntry.gift_card_id == GiftCard.id)
        .join(Order, Order.id == GiftCard.order_id)
        .where(
            GiftCard.order_id.is_not(None),
            GiftCard.issued_at >= start - ROOM,
            # What staff void by hand names no order: its price stays with the shop.
            GiftCardEntry.order_id == GiftCard.order_id,
            *_paid_between(start, until),
        )
        .group_by(Order.id, Order.paid_at, Order.article, Order.currency)
    )


def _spent(start: datetime, until: datetime) -> Select[Any, str, str, int]:
    return (
        select(
            Order.paid_at,
            Order.article,
            Order.currency,
            func.sum(Payment.amount_minor - Payment.refunded_minor),
        )
        .select_from(Payment)
        .join(Order, Order.id == Payment.order_id)
        .where(
            Payment.gift_card_id.is_not(None),
            Payment.at >= start - ROOM,
            *_paid_between(start, until),
        )
        .group_by(Order.id, Order.paid_at, Order.article, Order.currency)
    )


def _paid_between(start: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    # What is reckoned has no index: the few cards lead to their orders, not all that were paid.
    paid_at = func.coalesce(Order.paid_at, None, type_=Moment())
    return paid_at >= start, paid_at < until
