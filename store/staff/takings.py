"""What came in today, in 7 and in 30 days, each against a time before that is as long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from store.database import db
from store.money import Money
from store.orders.models import Order
from store.settings import Settings
from store.staff.gift_cards import owed
from store.staff.reports import DaySales, Sales, Span, midnight, sales_between, sales_by_day

WEEK, MONTH = 7, 30


@dataclass(frozen=True, slots=True)
class Compared:
    """Sales of a time and of the one that it is compared with."""

    now: Sales
    before: Sales

    @property
    def change_percent(self) -> int | None:
        """None: nothing came in before, so there is nothing to compare with."""
        before = self.before.net.minor
        return round((self.now.net.minor - before) * 100 / before) if before > 0 else None


@dataclass(frozen=True, slots=True)
class Takings:
    """Today is compared with the same hours of the same weekday, a week ago."""

    today: Compared
    week: Compared
    month: Compared
    days: Sequence[DaySales]
    owed_on_cards: Money
    """What readers may still spend of their gift cards."""


@dataclass(frozen=True, slots=True)
class RecentOrder:
    number: str
    name: str
    state: str
    total: Money
    paid_at: datetime


def takings(now: datetime, settings: Settings) -> Takings:
    """Return what came in until now; one read serves the days, the weeks and the months."""
    span = Span.of_days(2 * MONTH, now, settings)
    days = sales_by_day(span, settings)
    return Takings(
        _today(now, settings),
        _lately(days, WEEK, settings),
        _lately(days, MONTH, settings),
        days[-MONTH:],
        next((m for m in owed() if m.currency == settings.currency), Money.zero(settings.currency)),
    )


def recent_orders(limit: int) -> list[RecentOrder]:
    """Return what was paid last, the newest on top."""
    rows = db.session.execute(
        select(
            Order.number,
            Order.name,
            Order.state,
            Order.total_minor,
            Order.currency,
            Order.paid_at,
        )
        .where(Order.paid_at.is_not(None))
        .order_by(Order.paid_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return [
        RecentOrder(number, name, state, Money(minor, currency), paid_at)
        for number, name, state, minor, currency, paid_at in rows
        if paid_at is not None
    ]


def _today(now: datetime, settings: Settings) -> Compared:
    here = now.astimezone(settings.zone)
    # By the clock on the wall: a week with a change of clocks still compares morning with morning.
    a_week_ago = (here.replace(tzinfo=None) - timedelta(days=WEEK)).replace(tzinfo=settings.zone)
    return Compared(
        sales_between(midnight(here.date(), settings), now + timedelta(microseconds=1), settings),
        sales_between(midnight(a_week_ago.date(), settings), a_week_ago, settings),
    )


def _lately(days: Sequence[DaySales], length: int, settings: Settings) -> Compared:
    now, before = days[-length:], days[-2 * length : -length]
    return Compared(Sales.of(now, settings.currency), Sales.of(before, settings.currency))
