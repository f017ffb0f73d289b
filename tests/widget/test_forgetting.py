"""Promises about counts that are old, and about stories that were counted by accident."""

from datetime import timedelta

from sqlalchemy import func, select

from store.database import db, writing
from store.widget.counting import count_click, count_views
from store.widget.forgetting import ACCIDENTAL, ACCIDENTAL_VIEWS, KEPT, forget_counts
from store.widget.models import Article, ArticleDay
from tests.shop import Shop
from tests.widget.conftest import NEWS

READ, FOLLOWED, MADE_UP = (f"{NEWS}/{name}" for name in ("read", "followed", "made-up"))
DAY = timedelta(days=1)


def some_counts(shop: Shop) -> None:
    settings, clock = shop.services.settings, shop.clock
    with writing():
        count_views({READ: ACCIDENTAL_VIEWS + 1, MADE_UP: ACCIDENTAL_VIEWS}, settings, clock)
        count_click(FOLLOWED, settings, clock)


def forget(shop: Shop, later: timedelta) -> set[str]:
    """Sweep so much later, and return the stories that are still known."""
    shop.clock.move_to(shop.clock.now() + later)
    with writing():
        forget_counts(shop.services.settings, shop.clock)
    return set(db.session.scalars(select(Article.url)))


def test_address_that_hardly_anybody_saw_makes_room_after_a_month(news_shop: Shop) -> None:
    with news_shop.app.app_context():
        some_counts(news_shop)

        assert forget(news_shop, ACCIDENTAL) == {READ, FOLLOWED, MADE_UP}
        assert forget(news_shop, DAY) == {READ, FOLLOWED}


def test_counts_are_gone_after_two_years_and_a_month(news_shop: Shop) -> None:
    with news_shop.app.app_context():
        some_counts(news_shop)

        assert forget(news_shop, KEPT) == {READ, FOLLOWED}
        assert forget(news_shop, DAY) == set()
        assert db.session.scalar(select(func.count()).select_from(ArticleDay)) == 0
