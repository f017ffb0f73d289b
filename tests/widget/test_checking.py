"""Promises to editors and staff: what a story carries, why, and what it led to."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from store.database import writing
from store.widget.reports import article_report
from tests.builders import a_product, aud
from tests.buying import a_variant, buy, thanks
from tests.shop import Shop
from tests.widget.conftest import STORY


def test_editor_sees_what_and_why(news_shop: Shop, news_reader: FlaskClient) -> None:
    with news_shop.app.app_context(), writing():
        a_product(news_shop.clock, title="Swimming towel", tags=["swimming"])

    page = news_reader.get("/widget/check", query_string={"url": STORY, "title": "Swimming club"})

    assert "Swimming towel" in page.text
    assert "the story says" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in page.headers


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"title": "Two killed in crash"}, "Nothing is sold under this story"),
        ({"title": "x", "quiet": "1"}, "The tag says quiet"),
        ({"title": "x", "url": "not an address"}, "It is no web address"),
        ({"title": "x", "url": "https://elsewhere.example/a"}, "none of our news sites"),
        ({"title": "x", "products": "no-such"}, "is not for sale here"),
        ({"title": "x", "products": "<script>"}, "is no handle"),
        ({"title": "x", "count": "99"}, "It goes from 0 to 4"),
        ({"title": "x", "locale": "klingon"}, "is no locale"),
        ({"title": "x" * 301}, "It is cut after 300 characters"),
        ({"section": "x" * 121}, "It is cut after 120 characters"),
        ({"tags": ",".join(map(str, range(31)))}, "There are 31; the first 30 count"),
        ({"tags": "x" * 81}, "are they separated by commas"),
        ({"products": "a,b,c,d,e"}, "There are 5; the first 4 count"),
        ({"read": "1"}, "Give the address of a story."),
        ({}, "Give the address of a story. The store reads the page"),
    ],
)
def test_editor_is_told_what_to_mend(
    news_shop: Shop, news_reader: FlaskClient, asked: dict[str, str], said: str
) -> None:
    page = news_reader.get("/widget/check", query_string=asked)

    assert page.status_code == 200
    assert said in page.text
    assert "<script>&" not in page.text.replace("&lt;", "")


def test_sale_that_began_at_a_story_shows_under_it(
    news_shop: Shop, news_reader: FlaskClient
) -> None:
    with news_shop.app.app_context():
        variant = a_variant(news_shop, price=aud(45))
        answer = news_reader.get("/from", query_string={"story": STORY + "?a=1", "to": "/cart"})
        thanks(news_reader, buy(news_shop, news_reader, variant))
        settings = news_shop.services.settings
        today = news_shop.clock.now().astimezone(settings.zone).date()

        (report,) = article_report(today, today, settings)

        assert (answer.status_code, answer.location) == (303, "/cart")
        assert (report.url, report.clicks, report.orders) == (STORY, 1, 1)
        assert [amount.currency for amount in report.revenue] == ["AUD"]
        assert report.revenue[0].minor >= 4500
        assert article_report(today - timedelta(days=9), today - timedelta(days=1), settings) == []


@pytest.mark.parametrize("story", ["https://evil.example/a", "javascript:alert(1)", "", "x" * 9000])
def test_strangers_story_leads_on_and_counts_nothing(
    news_shop: Shop, news_reader: FlaskClient, story: str
) -> None:
    answer = news_reader.get("/from", query_string={"story": story[:3000], "to": "/products"})

    assert answer.location == "/products"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "evil",
        "",
        "/a\r\nSet-Cookie: x",
    ],
)
def test_link_leads_nowhere_but_here(news_reader: FlaskClient, to: str) -> None:
    assert news_reader.get("/from", query_string={"story": STORY, "to": to}).location == "/"


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}])
def test_browser_that_guesses_is_told_nothing_to_remember(
    news_reader: FlaskClient, headers: dict[str, str]
) -> None:
    answer = news_reader.get("/from", query_string={"story": STORY, "to": "/"}, headers=headers)

    assert "Set-Cookie" not in answer.headers
