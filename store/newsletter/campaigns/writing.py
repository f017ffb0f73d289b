"""Writes campaigns: made, changed while nobody has begun to send them, and thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from store.catalog.handles import slugify
from store.clock import Clock
from store.database import db
from store.errors import ConflictError, NotFoundError
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.topics import Topic

LONGEST_SLUG = 110
"""A number behind it still fits into its column."""


class NoSuchCampaignError(NotFoundError):
    """No campaign has this number."""


class NotADraftError(ConflictError):
    """It is scheduled, under way or over: what it says stands."""


@dataclass(frozen=True, slots=True)
class CampaignWanted:
    """A campaign as a form means it; an empty slug keeps it out of the archive."""

    title: str
    topic: Topic
    subject: str
    preview: str
    body: str
    slug: str = ""
    bought: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    per_minute: int = 600


def campaign_of(campaign_id: int, *, locked: bool = False) -> Campaign:
    """Return a campaign; locked, nobody else changes it until the scope ends."""
    found = db.session.get(
        Campaign, campaign_id, with_for_update=locked or None, populate_existing=locked
    )
    if found is None:
        raise NoSuchCampaignError(f"no campaign {campaign_id}")
    return found


def make_campaign(wanted: CampaignWanted, clock: Clock) -> Campaign:
    """Write a new draft; flushes only."""
    made = Campaign(created_at=clock.now(), version=0)
    _write(made, wanted, clock)
    return made


def change_campaign(campaign: Campaign, wanted: CampaignWanted, clock: Clock) -> None:
    """Make a locked draft what is wanted; flushes only. Raises NotADraftError."""
    _want_draft(campaign)
    _write(campaign, wanted, clock)


def delete_campaign(campaign: Campaign) -> None:
    """Throw a locked draft away; flushes only. Raises NotADraftError."""
    _want_draft(campaign)
    db.session.delete(campaign)
    db.session.flush()


def as_wanted(wanted: CampaignWanted, campaign_id: int | None = None) -> Campaign:
    """Return what the campaign would be, to look at: it belongs to no transaction."""
    looked_at = Campaign(id=campaign_id, state=CampaignState.DRAFT, version=1)
    _fill(looked_at, wanted)
    looked_at.slug = wanted.slug or None
    return looked_at


def _want_draft(campaign: Campaign) -> None:
    if campaign.state != CampaignState.DRAFT:
        raise NotADraftError(f"campaign {campaign.id} is {campaign.state}")


def _write(campaign: Campaign, wanted: CampaignWanted, clock: Clock) -> None:
    _fill(campaign, wanted)
    campaign.slug = free_slug(wanted.slug, campaign.id)
    campaign.updated_at, campaign.version = clock.now(), campaign.version + 1
    db.session.add(campaign)
    db.session.flush()


def _fill(campaign: Campaign, wanted: CampaignWanted) -> None:
    campaign.title, campaign.topic = wanted.title, wanted.topic
    campaign.subject, campaign.preview, campaign.body = (
        wanted.subject,
        wanted.preview,
        wanted.body,
    )
    campaign.bought, campaign.sections = list(wanted.bought), list(wanted.sections)
    campaign.per_minute = wanted.per_minute


def free_slug(asked: str, campaign_id: int | None) -> str | None:
    """Return the address in the archive, with a number where another campaign has it."""
    slug = slugify(asked, LONGEST_SLUG)
    if not slug:
        return None
    taken = _slugs_like(slug, campaign_id)
    candidates = [slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in candidates if one not in taken)


def _slugs_like(slug: str, campaign_id: int | None) -> Sequence[str | None]:
    like = select(Campaign.slug).where(Campaign.slug.startswith(slug, autoescape=True))
    if campaign_id is not None:
        like = like.where(Campaign.id != campaign_id)
    with db.session.no_autoflush:
        return db.session.scalars(like).all()
