"""Turns a campaign into its letter: one subject, text and HTML for all but each reader's own links.

The letter is made once, when sending begins; `addressed` puts one reader's links into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import escape

from store.errors import InvalidError
from store.mail.letterhead import branded
from store.mail.prose import Said
from store.mail.rendering import Rendered, render
from store.newsletter.campaigns import body
from store.newsletter.campaigns.cards import LetterCard, cards_for
from store.newsletter.campaigns.checking import Fault, faults_of
from store.newsletter.campaigns.leading import Campaigned
from store.newsletter.campaigns.models import Campaign
from store.newsletter.topics import TITLES, Topic
from store.services import Services
from store.settings import Settings

LEAVE_LINK = "{{leave}}"
"""Stands in a letter, exactly so, for the link by which its reader leaves."""
PREFERENCES_LINK = "{{preferences}}"
ARCHIVE = "/newsletter/archive"


class UnfinishedLetterError(InvalidError):
    """The campaign says what no mail may say; the faults tell what."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("the letter cannot be sent as it stands")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a campaign says to everybody; the placeholders stand in both parts."""

    subject: str
    text: str
    html: str


def letter_of(campaign: Campaign, services: Services) -> Letter:
    """Return the letter with the prices and products of now; reads the open transaction.

    Raises UnfinishedLetterError where it must not be sent: as when a product was withdrawn
    between the day on which the campaign was scheduled and now.
    """
    now = services.clock.now()
    if faults := faults_of(campaign, services.settings, now=now):
        raise UnfinishedLetterError(faults)
    return draft_of(campaign, services)


def draft_of(campaign: Campaign, services: Services) -> Letter:
    """Return the letter as far as it goes: cards of products that are not there are left out."""
    settings = branded(services.settings)
    lead = Campaigned(settings.public_url, campaign.id)
    known = body.references(campaign.body)
    cards = cards_for(body.handles(campaign.body), lead, now=services.clock.now())
    pieces: list[Said | LetterCard] = []
    for piece in body.pieces(campaign.body):
        if isinstance(piece, body.Prose):
            pieces.append(body.said(piece, lead, known))
        elif card := cards.get(piece.handle):
            pieces.append(card)
    return _rendered(campaign, pieces, settings)


def sent_letter(campaign: Campaign) -> Letter:
    """Return the letter as it was when sending began."""
    return Letter(campaign.sent_subject, campaign.sent_text, campaign.sent_html)


def addressed(letter: Letter, leave: str, preferences: str) -> Rendered:
    """Return the letter with one reader's own links in it."""
    return Rendered(
        letter.subject,
        _with_links(letter.text, leave, preferences),
        _with_links(letter.html, str(escape(leave)), str(escape(preferences))),
    )


def archive_address(campaign: Campaign, settings: Settings) -> str:
    """Return where everybody may read it, or nothing where it is only mailed."""
    return f"{settings.public_url}{ARCHIVE}/{campaign.slug}" if campaign.slug else ""


def _rendered(
    campaign: Campaign, pieces: Sequence[Said | LetterCard], settings: Settings
) -> Letter:
    rendered = render(
        "newsletter/campaign",
        settings=settings,
        subject=campaign.subject,
        preview=campaign.preview,
        pieces=pieces,
        topic=_topic_words(campaign.topic),
        browser=archive_address(campaign, settings),
        leave=LEAVE_LINK,
        preferences=PREFERENCES_LINK,
    )
    return Letter(rendered.subject, rendered.text, rendered.html)


def _topic_words(topic: str) -> str:
    return str(TITLES[Topic(topic)]) if topic in set(Topic) else _("news of the shop")


def _with_links(text: str, leave: str, preferences: str) -> str:
    return text.replace(LEAVE_LINK, leave).replace(PREFERENCES_LINK, preferences)
