"""Ninety days of readers of the news site: who saw a card, followed a link, signed up, wrote in."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from math import exp

from sqlalchemy import select

from store.clock import FixedClock
from store.database import db, writing
from store.newsletter.models import Subscriber
from store.newsletter.subscribing import Invite, confirm, invite, leave
from store.newsletter.wording import WORDING
from store.sandbox.demonstration.people import a_person
from store.sandbox.news_site.stories import STORIES, Story
from store.services import Services
from store.tips.telling import NewTip, tell
from store.widget.counting import count_click, count_views

SUBSCRIBERS = 48
CLICKS_PER_VIEW = 0.03
TIPS = (
    NewTip("The new bench at Battery Point faces the wrong way. We have started a petition."),
    NewTip(
        "You wrote that the carnival had eleven dead heats. It was twelve; I was in the twelfth.",
        contact="lane.four@reader.example",
    ),
)
Planned = tuple[datetime, Callable[[], None]]


class Readership:
    """What readers do beside buying, each at its own time, by the verbs that pages call."""

    def __init__(self, services: Services, clock: FixedClock, chance: random.Random) -> None:
        self._services, self._clock, self._chance = services, clock, chance
        self._today = clock.now()
        self._site = services.settings.news_origins[0] if services.settings.news_origins else ""

    def deeds(self) -> Iterator[Planned]:
        """Return everything that happens, with its moment; without a news site nothing does."""
        if not self._site:
            return
        oldest = max(story.hours for story in STORIES) // 24 + 1
        for days in range(oldest, -1, -1):
            yield self._today - timedelta(days=days, minutes=5), self._a_day_is_counted
        for number in range(SUBSCRIBERS):
            moment = self._today - timedelta(days=self._chance.uniform(0.2, 80))
            yield moment, self._signup(number, moment)
        for number, tip in enumerate(TIPS, start=1):
            yield self._today - timedelta(days=3 * number), self._tip(tip)

    def story_behind_a_sale(self) -> str:
        """Return the address of the story that led to an order now, or nothing: most had none."""
        now = self._clock.now()
        out = [story for story in STORIES if _age_days(story, self._today, now) >= 0]
        if not self._site or not out or self._chance.random() > 0.45:
            return ""
        weights = [_interest(story, _age_days(story, self._today, now)) for story in out]
        if not any(weights):
            return ""
        story = self._chance.choices(out, weights)[0]
        with writing():
            count_click(self._address(story), self._services.settings, self._clock)
        return self._address(story)

    def _a_day_is_counted(self) -> None:
        shown = {
            self._address(story): round(
                420 * _interest(story, age) * self._chance.uniform(0.8, 1.2)
            )
            for story in STORIES
            if (age := _age_days(story, self._today, self._clock.now())) >= 0
        }
        with writing():
            count_views(
                {url: views for url, views in shown.items() if views},
                self._services.settings,
                self._clock,
            )
            for url, views in shown.items():
                for _click in range(round(views * CLICKS_PER_VIEW)):
                    count_click(url, self._services.settings, self._clock)

    def _signup(self, number: int, moment: datetime) -> Callable[[], None]:
        person = a_person(self._chance)
        source, fate = self._chance.choice(("widget", "widget", "footer", "page")), number % 12
        story = self._chance.choice(STORIES)

        def sign_up() -> None:
            wanted = Invite(
                email=person.email,
                section=story.section if source == "widget" else "",
                source=source,
                page=self._address(story) if source == "widget" else "",
                locale="en-AU",
                wording=WORDING,
                network="203.0.113.0/24",
            )
            with writing():
                invite(wanted, self._services)
            if fate == 0:
                return
            with writing():
                subscriber = _subscriber(person.email)
                confirm(subscriber, wanted.network, self._services)
                if fate == 1:
                    leave(subscriber, wanted.network, self._services)

        return sign_up

    def _tip(self, tip: NewTip) -> Callable[[], None]:
        def send() -> None:
            with writing():
                tell(tip, self._services)

        return send

    def _address(self, story: Story) -> str:
        return f"{self._site}/stories/{story.slug}"


def _subscriber(email: str) -> Subscriber:
    return db.session.scalars(select(Subscriber).where(Subscriber.email == email)).one()


def _age_days(story: Story, today: datetime, now: datetime) -> float:
    """Return for how long the story had been out at that moment; negative before it was."""
    return (now - story.published_at(today)) / timedelta(days=1)


def _interest(story: Story, age_days: float) -> float:
    """Return how much a story of this age is read; a sad one carries nothing that counts."""
    return 0.0 if not story.has_picture else exp(-age_days / 4) + 0.06
