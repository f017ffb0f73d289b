"""Promises about counts: exact, by the shop's day, of our own stories alone, and bounded."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from store.database import db, writing
from store.web.page_memory import page_memory
from store.web.tally import Tally
from store.widget.counting import MOST_ARTICLES, count_click, count_views
from store.widget.models import Article, ArticleDay
from store.widget.tasks import flush_views
from tests.shop import Shop
from tests.widget.conftest import NEWS, STORY


def counts() -> dict[tuple[str, date], tuple[int, int]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Article.url, ArticleDay.day, ArticleDay.views, ArticleDay.clicks).join(ArticleDay)
    )
    return {(url, day): (views, clicks) for url, day, views, clicks in rows}


def view(shop: Shop, views: Mapping[str, int]) -> None:
    with writing():
        count_views(views, shop.services.settings, shop.clock)


def test_every_showing_of_a_card_is_counted_also_from_memory(
    news_shop: Shop, news_reader: FlaskClient
) -> None:
    for kind in ("json", "html"):
        for _showing in range(5):
            news_reader.get(f"/widget/v1/card.{kind}", query_string={"url": f"{STORY}?utm=1"})
    news_reader.head("/widget/v1/card.json", query_string={"url": STORY})

    with news_shop.app.app_context():
        flush_views(page_memory(news_shop.app).tally, news_shop.services)

        assert [views for views, _clicks in counts().values()] == [10]


def test_processes_that_flush_at_once_lose_nothing(news_shop: Shop) -> None:
    def flush(number: int) -> None:
        tally = Tally()
        for story in range(40):
            tally.add(f"{NEWS}/{(story * 7 + number) % 40}")
        with news_shop.app.app_context():
            flush_views(tally, news_shop.services)
            with writing():
                count_click(STORY, news_shop.services.settings, news_shop.clock)

    with ThreadPoolExecutor(4) as processes:
        list(processes.map(flush, range(12)))

    with news_shop.app.app_context():
        found = counts()
    assert sum(views for views, _clicks in found.values()) == 12 * 40
    assert sum(clicks for _views, clicks in found.values()) == 12


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 21, 12, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 13, 0, tzinfo=UTC), date(2026, 11, 22)),
        # Clocks go back on 5 April 2026 in Sydney: the day has 25 hours.
        (datetime(2026, 4, 4, 13, 0, tzinfo=UTC), date(2026, 4, 5)),
        (datetime(2026, 4, 5, 13, 59, tzinfo=UTC), date(2026, 4, 5)),
        (datetime(2026, 4, 5, 14, 0, tzinfo=UTC), date(2026, 4, 6)),
    ],
)
def test_a_day_ends_at_the_shops_midnight(news_shop: Shop, moment: datetime, day: date) -> None:
    news_shop.clock.move_to(moment)
    with news_shop.app.app_context():
        view(news_shop, {STORY: 3})
        view(news_shop, {STORY: 4})

        assert counts() == {(STORY, day): (7, 0)}


def test_made_up_stories_stop_at_the_cap_and_known_ones_go_on(news_shop: Shop) -> None:
    with news_shop.app.app_context():
        now = news_shop.clock.now()
        known = [f"{NEWS}/{number}" for number in range(MOST_ARTICLES - 1)]
        rows = [{"url": url, "origin": NEWS, "title": "", "created_at": now} for url in known]
        with writing():
            db.session.execute(insert(Article), rows)

        view(news_shop, {known[0]: 1, f"{NEWS}/new-a": 1, f"{NEWS}/new-b": 1})

        assert len(counts()) == 2


def test_stories_of_strangers_are_not_counted(news_shop: Shop) -> None:
    with news_shop.app.app_context():
        view(news_shop, {"https://evil.example/a": 3, f"{NEWS}.evil.example/a": 1})

        assert counts() == {}


def test_click_is_counted_once_and_a_guess_of_the_browser_never(
    news_shop: Shop, news_reader: FlaskClient
) -> None:
    asked = {"story": STORY, "to": "/"}
    news_reader.get("/from", query_string=asked)
    news_reader.head("/from", query_string=asked)
    for headers in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}):
        news_reader.get("/from", query_string=asked, headers=headers)

    with news_shop.app.app_context():
        assert [clicks for _views, clicks in counts().values()] == [1]


def test_what_cannot_be_written_waits_for_the_next_time(news_shop: Shop) -> None:
    tally = Tally()
    tally.add(STORY)
    with news_shop.app.app_context():
        with writing():
            db.session.execute(text("ALTER TABLE article RENAME TO article_away"))
        flush_views(tally, news_shop.services)
        with writing():
            db.session.execute(text("ALTER TABLE article_away RENAME TO article"))

        flush_views(tally, news_shop.services)

        assert [views for views, _clicks in counts().values()] == [1]
