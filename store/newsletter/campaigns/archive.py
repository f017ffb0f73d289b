"""The archive: letters as they were sent, for everybody, with nothing in them that is a reader's.

A letter stands between two marks in the mail; what is around it (leaving, preferences) stays out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import nh3
from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, select

from store.database import bump_public_version, db
from store.errors import NotFoundError
from store.newsletter.campaigns import body
from store.newsletter.campaigns.leading import Campaigned
from store.newsletter.campaigns.models import Campaign
from store.newsletter.campaigns.writing import free_slug

MOST_LISTED = 200
_LETTER = re.compile(r"<!--letter-->(.*)<!--/letter-->", re.DOTALL)
_HEADING = re.compile(r"<(/?)h([1-3])\b")
TAGS = body.TAGS | set("div img table tbody td tr".split())
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
}
CLASS = "letter__"
"""Before the classes of mails, so that none of them is one of the shop's own."""


@dataclass(frozen=True, slots=True)
class Archived:
    """One letter in the list."""

    slug: str
    subject: str
    preview: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ArchivedLetter:
    """One letter to read; the markup is safe, and its links know of no campaign."""

    slug: str
    subject: str
    preview: str
    sent_at: datetime
    html: Markup


def is_archived() -> ColumnElement[bool]:
    """Say which campaigns everybody may read: those that began and have an address."""
    return and_(
        Campaign.slug.is_not(None), Campaign.started_at.is_not(None), Campaign.sent_html != ""
    )


def archived(limit: int = MOST_LISTED) -> Sequence[Archived]:
    """Return the letters of the archive, the newest first."""
    rows = db.session.execute(
        select(Campaign.slug, Campaign.sent_subject, Campaign.preview, Campaign.started_at)
        .where(is_archived())
        .order_by(Campaign.started_at.desc(), Campaign.id.desc())
        .limit(limit)
    )
    return [
        Archived(slug or "", subject, preview, sent_at)
        for slug, subject, preview, sent_at in rows
        if sent_at is not None
    ]


def letters(limit: int, public_url: str) -> Sequence[ArchivedLetter]:
    """Return the newest letters whole, as a feed tells them."""
    found = db.session.scalars(
        _whole().order_by(Campaign.started_at.desc(), Campaign.id.desc()).limit(limit)
    )
    return [_letter(campaign, public_url) for campaign in found]


def letter_at(slug: str, public_url: str) -> ArchivedLetter:
    """Return one letter; raises NotFoundError where the archive has none of this address."""
    found = db.session.scalar(_whole().where(Campaign.slug == slug))
    if found is None:
        raise NotFoundError(f"no letter {slug[:60]!r} in the archive")
    return _letter(found, public_url)


def put_into_archive(campaign: Campaign, slug: str) -> None:
    """Let everybody read it at this address, or at one like it; flushes only."""
    campaign.slug = free_slug(slug, campaign.id)
    db.session.flush()
    bump_public_version()


def take_out(campaign: Campaign) -> None:
    """Let nobody read it any more who was not sent it; flushes only."""
    campaign.slug = None
    db.session.flush()
    bump_public_version()


def _whole() -> Select[Campaign]:
    return select(Campaign).where(is_archived())


def _letter(campaign: Campaign, public_url: str) -> ArchivedLetter:
    assert campaign.slug is not None
    assert campaign.started_at is not None
    return ArchivedLetter(
        campaign.slug,
        campaign.sent_subject,
        campaign.preview,
        campaign.started_at,
        story_of(campaign.sent_html, public_url),
    )


def story_of(sent_html: str, public_url: str) -> Markup:
    """Return what a mail says between its marks, without its styles and without the campaign."""
    found = _LETTER.search(sent_html)
    lead = Campaigned(public_url, None)

    def mended(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            return " ".join(CLASS + word for word in value.split())
        if (tag, name) == ("img", "src"):
            return value if value.startswith(f"{public_url}/media/") else None
        return lead(value) if name == "href" else value

    cleaned = nh3.clean(
        found[1] if found else "",
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=mended,
        url_schemes=body.SCHEMES,
        link_rel=None,
    )
    # The page has its one h1 already: the subject.
    lowered = _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", cleaned)
    return Markup(lowered)  # nosec B704 # noqa: S704 - nh3 has just made it safe
