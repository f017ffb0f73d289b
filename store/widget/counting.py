"""Counts how often each story showed its card and led to the shop; it knows of no reader."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import structlog
from sqlalchemy import func, select

from store.clock import Clock
from store.database import db, insert_into
from store.settings import Settings
from store.story_urls import is_ours, origin_of
from store.widget.models import Article, ArticleDay
from store.widget.titles import find_titles_later

MOST_ARTICLES = 20_000
"""Stories that are counted for one news site: addresses can be made up, a table cannot grow so."""
AT_ONCE = 400

log = structlog.get_logger(__name__)


def count_views(views: Mapping[str, int], settings: Settings, clock: Clock) -> None:
    """Add the cards that were shown, by the story's address; flushes only.

    They count for the day on which they are written, seconds after they were shown.
    """
    own = {url: number for url, number in views.items() if is_ours(url, settings.news_origins)}
    # In one order, so that two processes never wait for each other.
    urls = sorted(own)
    for start in range(0, len(urls), AT_ONCE):
        some = urls[start : start + AT_ONCE]
        ids = articles(some, clock)
        _add(
            [
                {"article_id": ids[url], "views": own[url], "clicks": 0}
                for url in some
                if url in ids
            ],
            _today(settings, clock),
        )


def count_click(url: str, settings: Settings, clock: Clock) -> None:
    """Add one reader who followed a link of this story; flushes only."""
    if not is_ours(url, settings.news_origins):
        return
    for article_id in articles([url], clock).values():
        row = {"article_id": article_id, "views": 0, "clicks": 1}
        _add([row], _today(settings, clock))


def articles(urls: Iterable[str], clock: Clock) -> dict[str, int]:
    """Return the ids of these stories by address; those beyond the cap of a site are left out."""
    wanted = list(urls)
    known = _known(wanted)
    new = [url for url in wanted if url not in known]
    if not new:
        return known
    find_titles_later(_insert(_within_cap(new), clock.now()), clock)
    return known | _known(new)


def _known(urls: list[str]) -> dict[str, int]:
    rows = db.session.execute(select(Article.url, Article.id).where(Article.url.in_(urls)))
    return {row.url: row.id for row in rows}


def _within_cap(urls: list[str]) -> list[str]:
    counted = (
        select(Article.origin, func.count())
        .where(Article.origin.in_({origin_of(url) for url in urls}))
        .group_by(Article.origin)
    )
    numbers = Counter({row[0]: row[1] for row in db.session.execute(counted)})
    taken: list[str] = []
    for url in urls:
        numbers[origin_of(url)] += 1
        if numbers[origin_of(url)] <= MOST_ARTICLES:
            taken.append(url)
    if len(taken) < len(urls):
        log.warning("stories_not_counted", number=len(urls) - len(taken), most=MOST_ARTICLES)
    return taken


def _insert(urls: list[str], now: datetime) -> list[int]:
    """Return the ids of those that nobody else inserted meanwhile."""
    if not urls:
        return []
    rows = [{"url": url, "origin": origin_of(url), "title": "", "created_at": now} for url in urls]
    return list(
        db.session.scalars(
            insert_into(Article)
            .values(rows)
            .on_conflict_do_nothing(index_elements=[Article.url])
            .returning(Article.id)
        )
    )


def _add(rows: list[dict[str, int]], day: date) -> None:
    if not rows:
        return
    new = insert_into(ArticleDay).values([row | {"day": day} for row in rows])
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=[ArticleDay.article_id, ArticleDay.day],
            set_={
                "views": ArticleDay.views + new.excluded.views,
                "clicks": ArticleDay.clicks + new.excluded.clicks,
            },
        ).execution_options(synchronize_session=False)
    )


def _today(settings: Settings, clock: Clock) -> date:
    return clock.now().astimezone(settings.zone).date()
