"""Reads a signup as it arrives from a page, the footer, a widget or a fragment."""

from collections.abc import Collection

from babel import Locale, UnknownLocaleError
from wtforms import EmailField, Field, Form, StringField
from wtforms.validators import Length

from store.errors import InvalidError
from store.mail.outgoing import UnmailableError
from store.newsletter.ledger import Circumstances
from store.newsletter.second_step.asking import NO_ANSWER, GivenAnswer
from store.newsletter.subscribing import JoinRequest
from store.newsletter.topics import EVERYTHING, Topic, known_topics
from store.newsletter.wording import WORDINGS
from store.story_urls import is_ours, normal_url

LONGEST_EMAIL = 320
LONGEST_SECTION = 120
SOURCES = frozenset({"page", "footer", "widget", "fragment"})


def _trim(text: str | None) -> str:
    return (text or "").strip()


class NoTopicError(InvalidError):
    """Topics were offered, and none was chosen: that would be a newsletter about nothing."""


class TopicsField(Field):
    """Boxes of one name; what is no topic of ours is not heard."""

    data: tuple[Topic, ...]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = known_topics(valuelist)


class SignupForm(Form):
    email = EmailField(filters=[_trim], validators=[Length(max=LONGEST_EMAIL)])
    website = StringField()
    """Nobody sees it, so nobody fills it in who reads the page."""
    page = StringField(filters=[_trim])
    section = StringField(filters=[_trim])
    locale = StringField(filters=[_trim])
    wording = StringField(filters=[_trim])
    source = StringField(filters=[_trim])
    offers = StringField()
    """Set by a page that lets choose topics; any other box means all of them."""
    topics = TopicsField()

    @property
    def chosen(self) -> tuple[Topic, ...]:
        return (self.topics.data or ()) if self.offers.data else EVERYTHING

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.website.data)

    @property
    def typed(self) -> str:
        return (self.email.data or "")[:LONGEST_EMAIL]

    def to_request(
        self,
        *,
        counted: str,
        around: Circumstances,
        own_origins: Collection[str],
        answer: GivenAnswer = NO_ANSWER,
    ) -> JoinRequest:
        """Return what was asked for, nothing of it believed that could not be so.

        What the box did not say is taken from around it. Raises UnmailableError where the address
        is longer than any is, NoTopicError where topics were offered and none was chosen.
        """
        if not self.validate():
            raise UnmailableError("longer than an address may be")
        if not self.chosen:
            raise NoTopicError("no topic")
        page = normal_url(self.page.data or around.page)
        return JoinRequest(
            email=self.email.data or "",
            network=counted,
            section=(self.section.data or "")[:LONGEST_SECTION],
            topics=self.chosen,
            answer=answer,
            seen=Circumstances(
                source=self.source.data if self.source.data in SOURCES else "page",
                page=page if is_ours(page, own_origins) else "",
                locale=_known_locale(self.locale.data or "") or around.locale,
                wording=self.wording.data if self.wording.data in WORDINGS else "",
                network=around.network,
            ),
        )


def _known_locale(given: str) -> str:
    try:
        return str(Locale.parse(given[:12], sep="-")).replace("_", "-")
    except (ValueError, TypeError, UnknownLocaleError):
        return ""
