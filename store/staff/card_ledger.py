"""The ledger of all gift cards together, day by day: what came on them, what went, what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from store.database import db
from store.gift_cards.models import EntryKind, GiftCard, GiftCardEntry
from store.money import Money
from store.settings import Settings
from store.staff.gift_cards import owed
from store.staff.reports import Span, midnight

Steps = Sequence[tuple[date, EntryKind, bool, int]]
"""Day, kind, whether an order bought the card, and minor units."""


@dataclass(frozen=True, slots=True)
class CardDay:
    """One day: sold, issued by hand, given back and adjusted come on; spent and ended go off."""

    day: date
    sold: Money
    by_hand: Money
    spent: Money
    given_back: Money
    adjusted: Money
    ended: Money
    """Voided and expired, less what was made good again."""
    owed: Money
    """What all cards were good for when the day was over."""


def card_days(span: Span, settings: Settings) -> list[CardDay]:
    """Return every day of the span, the empty ones too."""
    steps = _steps(span, settings)
    by_day: dict[date, list[tuple[EntryKind, bool, int]]] = {}
    for day, kind, is_bought, minor in steps:
        by_day.setdefault(day, []).append((kind, is_bought, minor))
    left, found = _owed_now(settings), []
    for day in reversed(_until_today(span, steps)):
        of_day = by_day.get(day, [])
        if day <= span.until:
            found.append(_card_day(day, of_day, left, settings.currency))
        left -= sum(minor for _, _, minor in of_day)
    return found[::-1]


def _until_today(span: Span, steps: Steps) -> list[date]:
    """Return the days of the span, and those after it on which something changed."""
    return [*span.days, *sorted({day for day, *_ in steps if day > span.until})]


def _card_day(
    day: date, steps: Sequence[tuple[EntryKind, bool, int]], left: int, currency: str
) -> CardDay:
    def sum_of(*kinds: EntryKind, is_bought: bool | None = None) -> int:
        return sum(
            minor for kind, bought, minor in steps if kind in kinds and is_bought in {None, bought}
        )

    sums = (
        sum_of(EntryKind.ISSUED, is_bought=True),
        sum_of(EntryKind.ISSUED, is_bought=False),
        -sum_of(EntryKind.SPENT),
        sum_of(EntryKind.GIVEN_BACK),
        sum_of(EntryKind.ADJUSTED),
        -sum_of(EntryKind.VOIDED, EntryKind.EXPIRED, EntryKind.REVIVED),
        left,
    )
    return CardDay(day, *(Money(minor, currency) for minor in sums))


def _steps(span: Span, settings: Settings) -> Steps:
    """Return what was written from the first day of the span until now."""
    rows = db.session.execute(
        select(
            GiftCardEntry.at,
            GiftCardEntry.kind,
            GiftCard.order_id.is_not(None),
            GiftCardEntry.amount_minor,
        )
        .join(GiftCard, GiftCard.id == GiftCardEntry.gift_card_id)
        .where(
            GiftCardEntry.at >= midnight(span.since, settings),
            GiftCard.currency == settings.currency,
        )
    )
    return [
        (at.astimezone(settings.zone).date(), EntryKind(kind), bool(is_bought), minor)
        for at, kind, is_bought, minor in rows
    ]


def _owed_now(settings: Settings) -> int:
    return sum(money.minor for money in owed() if money.currency == settings.currency)
