"""What was sold: by day, product, variant, collection and story, and what lies on the shelves.

A day is a day of the shop's zone, with 23 or 25 hours twice a year. Sales count from the moment
they were paid, less what went back since. A gift card that is sold is money owed and no sale; what
is bought with it is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import CTE, Integer, and_, case, column, func, select, values

from store.catalog.models import Product, ProductStatus, Variant
from store.database import Moment, db
from store.inventory.models import MovementKind, StockLevel, StockMovement
from store.money import Money
from store.orders.card_money import CardMoney, CardSale, card_sales
from store.orders.models import Order, Payment
from store.settings import Settings

COVER_DAYS = 30
"""How far back the pace of sales is looked at, for how long a shelf will last."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the shop's zone, both ends included."""

    since: date
    until: date

    @classmethod
    def of_days(cls, days: int, now: datetime, settings: Settings) -> "Span":
        today = now.astimezone(settings.zone).date()
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> list[date]:
        length = (self.until - self.since).days + 1
        return [self.since + timedelta(days=n) for n in range(length)]

    @property
    def before(self) -> "Span":
        """The same number of days that ended the day before."""
        length = self.until - self.since
        return Span(self.since - length - timedelta(days=1), self.since - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class DaySales:
    """One day: gross and refunded are of goods and their sending, whatever paid them."""

    day: date
    orders: int
    gross: Money
    refunded: Money
    lost: Money
    """What banks took back for good: disputes that were lost."""
    cards_sold: Money
    """What gift cards were bought for and not given back: it is owed, and in no other sum here."""
    by_cards: Money
    """What of the sales gift cards paid."""

    @property
    def net(self) -> Money:
        return self.gross - self.refunded - self.lost


@dataclass(frozen=True, slots=True)
class Sales:
    """Everything of one span together."""

    orders: int
    net: Money
    cards_sold: Money
    by_cards: Money

    @classmethod
    def of(cls, days: Sequence[DaySales], currency: str) -> "Sales":
        none = Money.zero(currency)
        return cls(
            sum(day.orders for day in days),
            sum((day.net for day in days), start=none),
            sum((day.cards_sold for day in days), start=none),
            sum((day.by_cards for day in days), start=none),
        )


@dataclass(frozen=True, slots=True)
class Cover:
    """One shelf: what it is worth at its price, and how many days it lasts at this pace."""

    name: str
    variant_id: int
    sku: str
    on_hand: int
    value: Money
    sold: int

    @property
    def days(self) -> int | None:
        """None: nothing was sold, so nobody knows."""
        return self.on_hand * COVER_DAYS // self.sold if self.sold else None


def sales_by_day(span: Span, settings: Settings) -> list[DaySales]:
    """Return every day of the span, the empty ones too."""
    days = _days(span, settings)
    in_day = and_(Order.paid_at >= days.c.start, Order.paid_at < days.c.until)
    # Outer joins, and the currency apart from them, keep SQLite to the index of paid_at: it would
    # go through all orders once for each day instead.
    is_ours = Order.currency == settings.currency
    rows = db.session.execute(
        select(
            days.c.place,
            func.count(case((is_ours, Payment.order_id)).distinct()),
            func.coalesce(func.sum(case((is_ours, Payment.amount_minor))), 0),
            func.coalesce(func.sum(case((is_ours, Payment.refunded_minor))), 0),
            func.coalesce(func.sum(case((is_ours, Payment.lost_minor))), 0),
        )
        .select_from(days)
        .outerjoin(Order, in_day)
        .outerjoin(Payment, Payment.order_id == Order.id)
        .group_by(days.c.place)
    )
    found = {place: (n, int(gross), int(back), int(lost)) for place, n, gross, back, lost in rows}
    start, until = midnight(span.since, settings), midnight(_after(span.until), settings)
    cards: dict[date, CardMoney] = {}
    for sale in _card_sales(start, until, settings):
        sold_on = sale.paid_at.astimezone(settings.zone).date()
        cards[sold_on] = cards.get(sold_on, CardMoney()) + sale.money
    return [
        _day(day, found.get(place, (0, 0, 0, 0)), cards.get(day, CardMoney()), settings.currency)
        for place, day in enumerate(span.days)
    ]


def sales_between(start: datetime, until: datetime, settings: Settings) -> Sales:
    """Return what was paid from one moment to another, the first included."""
    orders, minor = db.session.execute(
        select(
            func.count(Order.id.distinct()),
            func.coalesce(
                func.sum(Payment.amount_minor - Payment.refunded_minor - Payment.lost_minor), 0
            ),
        )
        .join(Payment, Payment.order_id == Order.id)
        .where(Order.paid_at >= start, Order.paid_at < until, Order.currency == settings.currency)
    ).one()
    of_cards = (sale.money for sale in _card_sales(start, until, settings))
    cards, currency = sum(of_cards, start=CardMoney()), settings.currency
    return Sales(
        orders,
        Money(int(minor) - cards.owed, currency),
        Money(cards.owed, currency),
        Money(cards.spent, currency),
    )


def cover(now: datetime, settings: Settings, limit: int | None = None) -> list[Cover]:
    """Return counted shelves, those that run out first on top; what nobody buys comes last."""
    sold = (
        select(StockMovement.variant_id, func.sum(-StockMovement.delta).label("units"))
        .where(
            StockMovement.kind == MovementKind.SALE,
            StockMovement.at >= now - timedelta(days=COVER_DAYS),
        )
        .group_by(StockMovement.variant_id)
        .subquery()
    )
    days = StockLevel.on_hand * COVER_DAYS // sold.c.units
    rows = db.session.execute(
        select(
            Product.title,
            Variant.combination,
            Variant.id,
            func.coalesce(Variant.sku, ""),
            StockLevel.on_hand,
            Variant.price_minor,
            Variant.currency,
            func.coalesce(sold.c.units, 0),
        )
        .join(Variant, Variant.product_id == Product.id)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .outerjoin(sold, sold.c.variant_id == Variant.id)
        .where(Product.status != ProductStatus.ARCHIVED, Variant.currency == settings.currency)
        .order_by(sold.c.units.is_(None), days, sold.c.units.desc(), Product.title, Variant.id)
        .limit(limit)
    )
    return [
        Cover(
            f"{title} · {combination}" if combination else title,
            variant_id,
            sku,
            on_hand,
            Money(price * on_hand, currency),
            int(units),
        )
        for title, combination, variant_id, sku, on_hand, price, currency, units in rows
    ]


def _card_sales(start: datetime, until: datetime, settings: Settings) -> Iterator[CardSale]:
    return (sale for sale in card_sales(start, until) if sale.currency == settings.currency)


def _day(day: date, found: tuple[int, int, int, int], cards: CardMoney, currency: str) -> DaySales:
    orders, gross, back, lost = found
    sums = (gross - cards.sold, back - cards.taken_back, lost, cards.owed, cards.spent)
    return DaySales(day, orders, *(Money(minor, currency) for minor in sums))


def _days(span: Span, settings: Settings) -> CTE:
    """Return the days as rows of their first and last moment, so that one index answers each."""
    table = values(
        column("place", Integer), column("start", Moment()), column("until", Moment()), name="given"
    ).data(
        [
            (place, midnight(day, settings), midnight(_after(day), settings))
            for place, day in enumerate(span.days)
        ]
    )
    return table.cte("days")


def midnight(day: date, settings: Settings) -> datetime:
    return datetime.combine(day, time(), tzinfo=settings.zone)


def _after(day: date) -> date:
    return day + timedelta(days=1)
