"""What stories led to: cards, clicks, carts, orders and money; nobody is identified."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from store.cart.models import Cart
from store.database import db
from store.money import Money
from store.orders.card_money import card_sales
from store.orders.models import Order, Payment
from store.settings import Settings
from store.widget.models import Article, ArticleDay


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """One story over some days; carts are those that are still kept, CDN hits are in no view."""

    url: str
    title: str
    views: int = 0
    clicks: int = 0
    carts: int = 0
    orders: int = 0
    revenue: tuple[Money, ...] = field(default=())
    """Paid less refunded, one amount a currency; gift cards count when they are spent."""


def article_report(since: date, until: date, settings: Settings) -> list[ArticleReport]:
    """Return every story that counted between these days of the shop's zone, both included.

    The story that led to most orders comes first, then by clicks and views. A sale counts though
    its story found no room among those whose views are; a cart alone does not.
    """
    start, end = _midnight(since, settings), _midnight(until + timedelta(days=1), settings)
    stories = _stories()
    counted, carts, sold = _counted(since, until), _carts(start, end), _sold(start, end)
    reports = [
        ArticleReport(
            url,
            stories.get(url, ""),
            *counted.get(url, (0, 0)),
            carts.get(url, 0),
            sum(number for number, _ in sold.get(url, ())),
            tuple(money for _, money in sold.get(url, ())),
        )
        for url in {*counted, *sold, *(carts.keys() & stories.keys())}
    ]
    return sorted(reports, key=lambda r: (-r.orders, -r.clicks, -r.views, r.url))


def _midnight(day: date, settings: Settings) -> datetime:
    return datetime.combine(day, time(), tzinfo=settings.zone)


def _stories() -> dict[str, str]:
    return dict(db.session.execute(select(Article.url, Article.title)).all())


def _counted(since: date, until: date) -> Mapping[str, tuple[int, int]]:
    rows = db.session.execute(
        select(Article.url, func.sum(ArticleDay.views), func.sum(ArticleDay.clicks))
        .join(ArticleDay, ArticleDay.article_id == Article.id)
        .where(ArticleDay.day.between(since, until))
        .group_by(Article.url)
    )
    return {url: (int(views), int(clicks)) for url, views, clicks in rows}


def _carts(start: datetime, end: datetime) -> Mapping[str, int]:
    return dict(
        db.session.execute(
            select(Cart.article, func.count())
            .where(Cart.article != "", Cart.updated_at >= start, Cart.updated_at < end)
            .group_by(Cart.article)
        ).all()
    )


def _sold(start: datetime, end: datetime) -> Mapping[str, list[tuple[int, Money]]]:
    currency = func.coalesce(Payment.currency, Order.currency)
    rows = db.session.execute(
        select(
            Order.article,
            currency,
            func.count(Order.id.distinct()),
            func.coalesce(
                func.sum(Payment.amount_minor - Payment.refunded_minor - Payment.lost_minor), 0
            ),
        )
        # An order that cost nothing was paid without a payment.
        .outerjoin(Payment, Payment.order_id == Order.id)
        .where(Order.article != "", Order.paid_at >= start, Order.paid_at < end)
        .group_by(Order.article, currency)
        .order_by(Order.article, currency)
    )
    owed = _owed_on_cards(start, end)
    sold: dict[str, list[tuple[int, Money]]] = defaultdict(list)
    for url, paid_in, number, minor in rows:
        sold[url].append((number, Money(int(minor) - owed[url, paid_in], paid_in)))
    return sold


def _owed_on_cards(start: datetime, end: datetime) -> Counter[tuple[str, str]]:
    """Return what gift cards were sold for by story and currency: it is owed, and no revenue."""
    owed = Counter[tuple[str, str]]()
    for sale in card_sales(start, end):
        owed[sale.article, sale.currency] += sale.money.owed
    return owed
