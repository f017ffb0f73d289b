"""What the desk says of a letter before it is sent: what stops it, what deserves a look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from store.catalog.presenting import ProductCard
from store.catalog.queries import cards_by_handle
from store.mail.letterhead import branded
from store.newsletter.campaigns import body
from store.newsletter.campaigns.checking import Refused, faults_of, links_in
from store.newsletter.campaigns.letters import Letter, addressed, draft_of
from store.newsletter.campaigns.models import Campaign
from store.services import Services
from store.settings import Settings
from store.staff.campaign_words import fault_words, shape_words
from store.staff.mail_wordings import telling

CLIPPED = 102_000
"""Gmail shows no more bytes of a mail's HTML, and then the ways out are cut off with the rest."""
NEAR = 90_000
LONG_SUBJECT = 60
"""Characters; phones show about forty of them, desks about seventy."""
LONG_PREVIEW = 110
SAMPLE_LINK = "/newsletter/leave/" + "x" * 60
"""As long as the links that each reader gets."""


class Weight(StrEnum):
    """As states are painted."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    weight: Weight
    words: str
    field: str = ""
    """Beside which field it stands, where it is an error of one."""
    passes: bool = False
    """Whether it goes by itself: what it waits for has its moment."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A letter as it stands, with everything that is said of it."""

    letter: Letter
    checks: tuple[Check, ...]

    @property
    def stops(self) -> bool:
        """Whether it must not be sent, today or later."""
        return any(check.weight is Weight.BAD and not check.passes for check in self.checks)

    @property
    def waits(self) -> bool:
        """Whether it must not be sent yet."""
        return any(check.passes for check in self.checks)

    @property
    def errors(self) -> dict[str, str]:
        """Return what stands beside each field."""
        found: dict[str, list[str]] = {}
        for check in self.checks:
            if check.field:
                found.setdefault(check.field, []).append(check.words)
        return {name: " ".join(words) for name, words in found.items()}


def checked(campaign: Campaign, services: Services) -> Checked:
    """Look a campaign over; reads the open transaction and asks nobody outside."""
    settings, now = branded(services.settings), services.clock.now()
    letter = draft_of(campaign, services)
    faults = faults_of(campaign, services.settings, now=now)
    checks = (
        *(
            Check(Weight.BAD, fault_words(fault), fault.field, fault.why is Refused.NOT_YET)
            for fault in faults
        ),
        *_subject(campaign, settings),
        *_preview(campaign.preview),
        *_cards(campaign.body, now),
        *_links(campaign.body),
        _size(letter, services.settings),
    )
    return Checked(letter, checks)


def size_of(letter: Letter, settings: Settings) -> int:
    """Return the bytes of the HTML that one reader gets."""
    link = settings.public_url + SAMPLE_LINK
    return len(addressed(letter, link, link).html.encode())


def _subject(campaign: Campaign, settings: Settings) -> Iterator[Check]:
    length = len(campaign.subject.strip())
    if length > LONG_SUBJECT:
        words = _(
            "The subject has %(number)s characters; mailboxes cut it off after about %(most)s.",
            number=length,
            most=LONG_SUBJECT,
        )
        yield Check(Weight.WARN, words)
    elif length:
        yield Check(Weight.GOOD, _("The subject has %(number)s characters.", number=length))
    for line in (campaign.subject, campaign.preview):
        if told := telling(line, settings):
            words = _(
                "Whoever looks over a shoulder reads “%(words)s” before the mail is opened."
                " Better say it inside.",
                words="”, “".join(told),
            )
            yield Check(Weight.WARN, words)


def _preview(preview: str) -> Iterator[Check]:
    if not preview.strip():
        words = _("Without a preview line mailboxes show how the letter begins.")
        yield Check(Weight.WARN, words)
    elif len(preview) > LONG_PREVIEW:
        words = _(
            "Of the preview line mailboxes show about %(most)s characters.", most=LONG_PREVIEW
        )
        yield Check(Weight.WARN, words)


def _cards(source: str, now: datetime) -> Iterator[Check]:
    cards = cards_by_handle(body.handles(source), now=now)
    if cards:
        count = len(cards)
        yield Check(Weight.GOOD, ngettext("%(num)s product", "%(num)s products", count) + ".")
    for card in cards:
        yield from _card(card)


def _card(card: ProductCard) -> Iterator[Check]:
    if card.picture is None:
        yield Check(Weight.WARN, _("%(title)s has no picture.", title=card.title))
    elif not card.picture.alt.strip():
        words = _(
            "The picture of %(title)s has no description; its title stands in.", title=card.title
        )
        yield Check(Weight.WARN, words)
    if not card.availability.can_buy:
        yield Check(Weight.WARN, _("%(title)s is sold out.", title=card.title))


def _links(source: str) -> Iterator[Check]:
    if count := len(links_in(source)):
        words = ngettext("%(num)s link in the text", "%(num)s links in the text", count)
        yield Check(Weight.GOOD, f"{words}.")


def _size(letter: Letter, settings: Settings) -> Check:
    size = size_of(letter, settings)
    said = shape_words(size)
    if size > CLIPPED:
        words = _(
            "The letter has %(size)s; Gmail cuts off after 102 kB, and the ways out with it."
            " Make it shorter.",
            size=said,
        )
        return Check(Weight.BAD, words, "body")
    if size > NEAR:
        words = _("The letter has %(size)s; Gmail cuts off after 102 kB.", size=said)
        return Check(Weight.WARN, words)
    return Check(Weight.GOOD, _("%(size)s; mailboxes show up to 102 kB.", size=said))
