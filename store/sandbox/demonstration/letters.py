"""The newsletter of ninety days: two letters that were sent and read, and a draft on the desk."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from store.catalog.models import Product
from store.catalog.rows import is_public
from store.clock import FixedClock
from store.database import db, writing
from store.newsletter.campaigns.models import CampaignState, Delivery, DeliveryState
from store.newsletter.campaigns.moving import moved
from store.newsletter.campaigns.starting import begin, fill
from store.newsletter.campaigns.visits import count_visit
from store.newsletter.campaigns.writing import CampaignWanted, make_campaign
from store.newsletter.topics import Topic
from store.services import Services

Planned = tuple[datetime, Callable[[], None]]
DRAFT = timedelta(hours=20)
VISITS_PER_READER = 0.4
NO_SUCH_READER = "550 5.1.1 The email account that you tried to reach does not exist"
FRESH = """# Fresh off the press

We print when there is something worth printing. This month there were two things, and both are
in the shop **now**.

{cards}

- Printed in Marrickville
- Sent in a [plain parcel](/pages/shipping), as ever

Yours, the store
"""
RAIN = """# While it rained

> You can tell a good tote by what it survives.

A reader wrote that, and we put it to the test. These came through:

{cards}

If something does not fit, it [comes back](/pages/returns) as easily as it went.

Yours, the store
"""
SENT = (
    (
        timedelta(days=37),
        "Winter drop",
        "Two things, fresh off the press",
        "And why the late edition is never late",
        FRESH,
    ),
    (
        timedelta(days=9),
        "Spring letter",
        "What we made while it rained",
        "Ink dries slowly in October",
        RAIN,
    ),
)
"""How long ago, what staff call it, subject, preview and words; cards stand where {cards} does."""


class Letters:
    """What staff write to the readers on the list, each letter at its own time."""

    def __init__(self, services: Services, clock: FixedClock, chance: random.Random) -> None:
        self._services, self._clock, self._chance = services, clock, chance
        self._today = clock.now()

    def deeds(self) -> Iterator[Planned]:
        for number, (ago, *words) in enumerate(SENT):
            yield self._today - ago, self._letter(number, words)
        yield self._today - DRAFT, self._begin_another

    def _letter(self, number: int, words: Sequence[str]) -> Callable[[], None]:
        def send() -> None:
            title, subject, preview, body = words
            cards = self._cards(2 * number)
            with writing():
                wanted = CampaignWanted(
                    title=title,
                    topic=Topic.DROPS,
                    subject=subject,
                    preview=preview,
                    body=body.format(cards=cards),
                    slug=subject,
                )
                campaign = make_campaign(wanted, self._clock)
                begin(campaign, self._services)
                campaign_id = campaign.id
            while fill(campaign_id, self._services):
                pass
            with writing():
                self._arrive(campaign_id)

        return send

    def _arrive(self, campaign_id: int) -> None:
        """Have every mail taken but one or two, as it goes with any list."""
        now = self._clock.now()
        mails = db.session.scalars(
            select(Delivery).where(Delivery.campaign_id == campaign_id).order_by(Delivery.id)
        ).all()
        for mail in mails:
            mail.attempts, mail.tried_at, mail.sent_at = 1, now, now
            mail.state = DeliveryState.SENT
        for mail in self._chance.sample(list(mails), min(1, len(mails))):
            mail.state, mail.sent_at = DeliveryState.REFUSED, None
            mail.answer = NO_SUCH_READER
        for _visit in range(round(len(mails) * VISITS_PER_READER)):
            count_visit(campaign_id, self._services.settings, self._clock)
        under_way = (CampaignState.SENDING,)
        moved(campaign_id, under_way, CampaignState.SENT, self._clock, finished_at=now)

    def _begin_another(self) -> None:
        body = f"# The summer edition\n\nSomething about swimming.\n\n{self._cards(4)}"
        with writing():
            wanted = CampaignWanted(
                title="Summer letter",
                topic=Topic.DROPS,
                subject="Something new this week",
                preview="",
                body=body,
                slug="something-new-this-week",
            )
            make_campaign(wanted, self._clock)

    def _cards(self, after: int) -> str:
        """Return the lines of two products that readers can see at this moment."""
        public = select(Product.handle).where(is_public(self._clock.now())).order_by(Product.id)
        found = db.session.scalars(public.offset(after).limit(2)).all()
        return "\n\n".join(f"[[product:{handle}]]" for handle in found)
