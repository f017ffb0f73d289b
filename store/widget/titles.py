"""Gives each story that is counted its title, from its own page, without anybody waiting for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import structlog
from sqlalchemy import func, or_, select, update

from store.clock import Clock
from store.database import db, end_reading, writing
from store.jobs.models import OutboxRow
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.services import Services
from store.settings import Settings
from store.widget.asking import question_of
from store.widget.models import Article, ArticleDay
from store.widget.reading.fetching import fetch_page
from store.widget.reading.pages import Tag, story_page
from store.widget.reading.unread import UnreadPageError
from store.widget.reading.words import query_of_words, words_of

AT_ONCE = 20
"""How many stories may wait for their titles: addresses can be made up, and nobody shall make us
hammer a news site. The sweep finds the others."""
WAITS = (timedelta(seconds=20), timedelta(minutes=15))
"""Before a page that was away is tried for the second and for the third time."""
AGAIN = timedelta(days=1)
READ_LATELY = timedelta(days=30)
A_SWEEP = 40
APART = timedelta(seconds=3)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FindTitle(Job):
    """Fetch the title of a story that has none."""

    kind: ClassVar[str] = "widget.find_title"

    article_id: int
    attempt: int = 1


def find_titles_later(article_ids: Sequence[int], clock: Clock) -> None:
    """Enqueue stories that are new, as many as there is room for; flushes only."""
    if article_ids:
        room = max(0, AT_ONCE - _number_waiting())
        _enqueue([FindTitle(article_id) for article_id in article_ids[:room]], clock)


def find_missing_titles(settings: Settings, clock: Clock) -> None:
    """Enqueue stories that still have none, each once a day, one after the other; flushes only."""
    now = clock.now()
    read_lately = select(ArticleDay.article_id).where(
        ArticleDay.day > now.astimezone(settings.zone).date() - READ_LATELY
    )
    waiting = db.session.scalars(
        select(Article.id)
        .where(
            Article.title == "",
            Article.origin.in_(settings.news_origins),
            Article.id.in_(read_lately),
            or_(Article.title_sought_at.is_(None), Article.title_sought_at <= now - AGAIN),
        )
        .order_by(Article.title_sought_at.nulls_first(), Article.id)
        .limit(A_SWEEP)
    )
    # One try: for a page that is away now tomorrow is soon enough.
    jobs = [FindTitle(article_id, attempt=len(WAITS) + 1) for article_id in waiting]
    _enqueue(jobs, clock, apart=APART)


def find_title(job: FindTitle, services: Services) -> None:
    """Fetch and keep the title; opens its own scopes, and none while the site takes its time."""
    url = _url_without_title(job.article_id)
    end_reading()
    if not url:
        return
    title, may_come = "", False
    try:
        title = title_at(url, services.settings)
    except UnreadPageError as error:
        may_come = error.may_pass and job.attempt <= len(WAITS)
        log.info("title_not_found", article=job.article_id, error=type(error).__name__)
    with writing():
        if title:
            _keep(job.article_id, title)
        elif may_come:
            again = FindTitle(job.article_id, job.attempt + 1)
            enqueue(again, services.clock, delay=WAITS[job.attempt - 1])


def title_at(url: str, settings: Settings) -> str:
    """Return the title by which the tag on this page would ask; raises UnreadPageError."""
    page = story_page(fetch_page(url, settings))
    words = words_of(page, page.tags[0] if page.tags else Tag())
    return question_of(query_of_words(words)).story.title


def _enqueue(jobs: Sequence[FindTitle], clock: Clock, apart: timedelta = timedelta()) -> None:
    if not jobs:
        return
    db.session.execute(
        update(Article)
        .where(Article.id.in_([job.article_id for job in jobs]))
        .values(title_sought_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    for place, job in enumerate(jobs):
        enqueue(job, clock, delay=apart * place)


def _number_waiting() -> int:
    undone = (OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None))
    waiting = select(func.count(OutboxRow.id)).where(OutboxRow.kind == FindTitle.kind, *undone)
    return db.session.scalar(waiting) or 0


def _url_without_title(article_id: int) -> str:
    untitled = (Article.id == article_id, Article.title == "")
    return db.session.scalar(select(Article.url).where(*untitled)) or ""


def _keep(article_id: int, title: str) -> None:
    """Write it down, unless staff gave another meanwhile."""
    untitled = (Article.id == article_id, Article.title == "")
    db.session.execute(
        update(Article)
        .where(*untitled)
        .values(title=title)
        .execution_options(synchronize_session=False)
    )
