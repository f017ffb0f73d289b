"""Promises about what a story is said to have led to."""

from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import delete, update

from store.database import db, writing
from store.money import Money
from store.orders.models import Payment
from store.widget.models import Article
from store.widget.reports import ArticleReport, article_report
from tests.builders import aud
from tests.buying import a_variant, buy, thanks
from tests.shop import Shop
from tests.widget.conftest import STORY


def buy_under_the_story(shop: Shop, reader: FlaskClient) -> None:
    variant = a_variant(shop, price=aud(45))
    reader.get("/from", query_string={"story": STORY, "to": "/"})
    thanks(reader, buy(shop, reader, variant))


def today(shop: Shop) -> date:
    return shop.clock.now().astimezone(shop.services.settings.zone).date()


def reports(shop: Shop) -> list[ArticleReport]:
    return article_report(today(shop), today(shop), shop.services.settings)


def test_refunds_are_taken_off(news_shop: Shop, news_reader: FlaskClient) -> None:
    with news_shop.app.app_context():
        buy_under_the_story(news_shop, news_reader)
        (before,) = reports(news_shop)
        with writing():
            db.session.execute(update(Payment).values(refunded_minor=1_000))

        (after,) = reports(news_shop)

    assert after.orders == 1
    assert after.revenue == (before.revenue[0] - aud(10),)


def test_order_that_cost_nothing_is_an_order(news_shop: Shop, news_reader: FlaskClient) -> None:
    with news_shop.app.app_context():
        buy_under_the_story(news_shop, news_reader)
        with writing():
            db.session.execute(delete(Payment))

        (report,) = reports(news_shop)

    assert (report.orders, report.revenue) == (1, (Money(0, "AUD"),))


def test_sale_counts_though_its_story_is_not_counted(
    news_shop: Shop, news_reader: FlaskClient
) -> None:
    with news_shop.app.app_context():
        buy_under_the_story(news_shop, news_reader)
        with writing():
            db.session.execute(delete(Article))

        (report,) = reports(news_shop)

    assert (report.url, report.views, report.clicks, report.orders) == (STORY, 0, 0, 1)


def test_day_is_the_shops_own(news_shop: Shop, news_reader: FlaskClient) -> None:
    settings = news_shop.services.settings
    with news_shop.app.app_context():
        buy_under_the_story(news_shop, news_reader)
        yesterday = today(news_shop) - timedelta(days=1)

        # Half past nine in the morning in Sydney is the evening before in UTC.
        assert news_shop.clock.now().date() == yesterday
        assert article_report(yesterday, yesterday, settings) == []
        assert len(reports(news_shop)) == 1
