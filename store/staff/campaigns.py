"""Campaigns as staff keep them: the list, each edit written down, and the way back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from store.catalog.models import Product
from store.database import db
from store.errors import ConflictError
from store.newsletter.campaigns.archive import put_into_archive, take_out
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.writing import (
    CampaignWanted,
    campaign_of,
    change_campaign,
    delete_campaign,
    make_campaign,
)
from store.newsletter.models import Subscriber, SubscriberState
from store.newsletter.topics import Topic
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.collection_values import product_ids
from store.staff.kept_edits import CAMPAIGN, forget_all
from store.staff.key_set import Part, part_of
from store.staff.models import AuditEntry
from store.staff.versions import want_unchanged

KIND = "campaign"
MOST_SECTIONS = 40
LATE = timedelta(minutes=5)
"""After its moment a campaign that has not begun cannot: something in it stops it."""


class NotSentError(ConflictError):
    """Nothing of it was sent yet, so there is nothing to read."""


class Look(StrEnum):
    """Which campaigns a list shows."""

    ALL = "all"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    UNDER_WAY = "under_way"
    SENT = "sent"
    CANCELLED = "cancelled"


STATES: dict[Look, tuple[CampaignState, ...]] = {
    Look.ALL: tuple(CampaignState),
    Look.DRAFT: (CampaignState.DRAFT,),
    Look.SCHEDULED: (CampaignState.SCHEDULED,),
    Look.UNDER_WAY: (CampaignState.SENDING, CampaignState.PAUSED),
    Look.SENT: (CampaignState.SENT,),
    Look.CANCELLED: (CampaignState.CANCELLED,),
}


def thing_of(campaign: Campaign) -> Thing:
    return Thing(KIND, str(campaign.id), campaign.title)


def campaigns_in(look: Look, cursor: str) -> Part[Campaign]:
    """Return a part of the list, the newest first."""
    wanted = select(Campaign)
    if look is not Look.ALL:
        wanted = wanted.where(Campaign.state.in_(STATES[look]))
    return part_of(wanted, [Campaign.id], cursor)


def counts() -> dict[Look, int]:
    """Return how many campaigns each look shows."""
    rows = db.session.execute(select(Campaign.state, func.count()).group_by(Campaign.state))
    by_state: dict[str, int] = dict(rows.all())
    return {look: sum(by_state.get(one, 0) for one in states) for look, states in STATES.items()}


def late_campaigns(now: datetime) -> Sequence[Campaign]:
    """Return those that should have begun and did not."""
    is_late = (Campaign.state == CampaignState.SCHEDULED, Campaign.scheduled_at < now - LATE)
    return db.session.scalars(select(Campaign).where(*is_late).order_by(Campaign.id)).all()


def sections_known() -> Sequence[str]:
    """Return the sections under whose stories readers signed up."""
    return db.session.scalars(
        select(Subscriber.section)
        .where(Subscriber.section != "", Subscriber.state == SubscriberState.CONFIRMED)
        .group_by(Subscriber.section)
        .order_by(func.count().desc(), Subscriber.section)
        .limit(MOST_SECTIONS)
    ).all()


def save_new(wanted: CampaignWanted, actor: Actor, services: Services) -> Campaign:
    """Write a new draft; flushes only."""
    made = make_campaign(wanted, services.clock)
    record(actor, "campaign.created", thing_of(made), clock=services.clock, after=values_of(made))
    return made


def save(
    campaign: Campaign, wanted: CampaignWanted, opened: str, actor: Actor, services: Services
) -> None:
    """Make a locked draft what a form means; flushes only.

    Raises NotADraftError, and EditedMeanwhileError where it is not what the form was opened on.
    """
    before = values_of(campaign)
    want_unchanged(opened, before)
    change_campaign(campaign, wanted, services.clock)
    record(
        actor,
        "campaign.edited",
        thing_of(campaign),
        clock=services.clock,
        before=before,
        after=values_of(campaign),
    )


def keep_in_archive(campaign: Campaign, slug: str, actor: Actor, services: Services) -> None:
    """Put what was sent into the archive, or with no address take it out; flushes only."""
    before = {"archive": campaign.slug or ""}
    if campaign.started_at is None:
        raise NotSentError(f"campaign {campaign.id} is {campaign.state}")
    if slug.strip():
        put_into_archive(campaign, slug)
    else:
        take_out(campaign)
    record(
        actor,
        "campaign.archived",
        thing_of(campaign),
        clock=services.clock,
        before=before,
        after={"archive": campaign.slug or ""},
    )


def delete(campaign: Campaign, actor: Actor, services: Services) -> None:
    """Throw a locked draft away with what was typed into it; flushes only."""
    thing, before = thing_of(campaign), values_of(campaign)
    delete_campaign(campaign)
    forget_all(CAMPAIGN.of(int(thing.id)))
    record(actor, "campaign.deleted", thing, clock=services.clock, before=before)


def values_of(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as entries keep it."""
    return values_meant(wanted_of(campaign))


def values_meant(wanted: CampaignWanted) -> dict[str, Any]:
    """Return what entries would keep of a campaign that is wanted."""
    return {
        "title": wanted.title,
        "topic": str(wanted.topic),
        "subject": wanted.subject,
        "preview": wanted.preview,
        "body": wanted.body,
        "archive": wanted.slug,
        "bought": _handles(wanted.bought),
        "sections": list(wanted.sections),
        "per_minute": wanted.per_minute,
    }


def wanted_of(campaign: Campaign) -> CampaignWanted:
    return CampaignWanted(
        title=campaign.title,
        topic=Topic(campaign.topic),
        subject=campaign.subject,
        preview=campaign.preview,
        body=campaign.body,
        slug=campaign.slug or "",
        bought=tuple(campaign.bought),
        sections=tuple(campaign.sections),
        per_minute=campaign.per_minute,
    )


def wanted_from(values: Values) -> CampaignWanted:
    """Return the campaign that entries keep; products that are gone are left out."""
    return CampaignWanted(
        title=values["title"],
        topic=Topic(values["topic"]),
        subject=values["subject"],
        preview=values["preview"],
        body=values["body"],
        slug=values["archive"],
        bought=tuple(product_ids(values["bought"])),
        sections=tuple(values["sections"]),
        per_minute=values["per_minute"],
    )


class CampaignUndo:
    """Puts the fields of one edit back, as long as it is still a draft."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        campaign = db.session.get(Campaign, int(thing_id))
        if campaign is None or campaign.state != CampaignState.DRAFT:
            return None
        values = values_of(campaign)
        return {name: values.get(name) for name in fields}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        campaign = campaign_of(int(entry.thing_id), locked=True)
        wanted = wanted_from({**values_of(campaign), **values})
        change_campaign(campaign, wanted, services.clock)


def _handles(ids: Sequence[int]) -> list[str]:
    rows = db.session.execute(select(Product.id, Product.handle).where(Product.id.in_(ids)))
    handles = {row.id: row.handle for row in rows}
    return [handles[number] for number in ids if number in handles]
