"""Forgets counts that are old, and stories that were counted by accident."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from store.clock import Clock
from store.database import db
from store.settings import Settings
from store.widget.models import Article, ArticleDay

KEPT = timedelta(days=760)
"""Two years and a month, so that a month can be compared with the same month a year ago."""
ACCIDENTAL = timedelta(days=30)
ACCIDENTAL_VIEWS = 2
"""Addresses can be made up: one that hardly anybody saw and nobody followed makes room again."""


def forget_counts(settings: Settings, clock: Clock) -> None:
    """Delete old days and stories without any, and stories seen once or twice; flushes only."""
    now = clock.now()
    today = now.astimezone(settings.zone).date()
    old = delete(ArticleDay).where(ArticleDay.day < today - KEPT)
    db.session.execute(old.execution_options(synchronize_session=False))
    counted = (
        select(ArticleDay.article_id)
        .group_by(ArticleDay.article_id)
        .having((func.sum(ArticleDay.views) > ACCIDENTAL_VIEWS) | (func.sum(ArticleDay.clicks) > 0))
    )
    accidental = delete(Article).where(
        Article.created_at < now - ACCIDENTAL, Article.id.not_in(counted)
    )
    db.session.execute(accidental.execution_options(synchronize_session=False))
