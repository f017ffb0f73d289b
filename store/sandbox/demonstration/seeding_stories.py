"""Stories of the news site that led to a grown shop, with the days on which they were read."""

import random
from bisect import bisect_right
from datetime import datetime, timedelta

from sqlalchemy import select

from store.database import db
from store.sandbox.demonstration.seeding_rows import Pile, new_ids
from store.settings import Settings
from store.widget.forgetting import KEPT
from store.widget.models import Article, ArticleDay

EVERY = timedelta(hours=22)
READ_FOR_DAYS = 12
LEADS_TO_SALE = 0.4
SUBJECTS = "Choir Pool Council Library Marathon Festival Ferry Market Orchestra Theatre".split()
VERBS = "opens wins mends keeps paints saves moves counts honours invites".split()
THINGS = "a new season|its oldest sign|the harbour steps|a second stage|the long table".split("|")


class Stories:
    """One story or so a day; the newest of a moment are what readers come from."""

    def __init__(self, since: datetime, now: datetime, settings: Settings) -> None:
        self._origin = settings.news_origins[0] if settings.news_origins else ""
        self._since, self._now, self._zone = since, now, settings.zone
        self._published: list[datetime] = []
        self._urls: list[str] = []

    def write(self, chance: random.Random) -> int:
        """Add the stories in the open scope, and how often each was read; return their number."""
        if not self._origin:
            return 0
        pile, ids = Pile(), new_ids(Article)
        known = set(db.session.scalars(select(Article.url)))
        moment, number = self._since, 0
        while moment < self._now:
            title = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(THINGS)}"
            url = f"{self._origin}/stories/{moment:%Y-%m-%d}-{title.lower().replace(' ', '-')}"
            self._published.append(moment)
            self._urls.append(url)
            if url not in known:
                known.add(url)
                number, article_id = number + 1, next(ids)
                pile.add(
                    Article,
                    id=article_id,
                    url=url,
                    origin=self._origin,
                    title=title,
                    title_sought_at=None,
                    created_at=moment,
                )
                self._let_read(pile, article_id, moment, chance)
            moment += EVERY
        pile.write()
        return number

    def behind_a_sale(self, at: datetime, chance: random.Random) -> str:
        """Return the story that led to an order then, or nothing: most had none."""
        newest = bisect_right(self._published, at)
        if not newest or chance.random() >= LEADS_TO_SALE:
            return ""
        return self._urls[max(0, newest - 1 - int(chance.expovariate(0.3)))]

    def _let_read(self, pile: Pile, article_id: int, at: datetime, chance: random.Random) -> None:
        first, out = chance.uniform(150, 900), at.astimezone(self._zone).date()
        today = self._now.astimezone(self._zone).date()
        for days in range(READ_FOR_DAYS):
            day, views = out + timedelta(days=days), int(first * 0.7**days) + 1
            # Older counts are forgotten, as the shop does every night.
            if today - KEPT <= day <= today:
                clicks = int(views * chance.uniform(0.01, 0.05))
                pile.add(ArticleDay, article_id=article_id, day=day, views=views, clicks=clicks)
