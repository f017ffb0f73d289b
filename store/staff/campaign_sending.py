"""Campaigns sent by staff: begun, scheduled, stopped, let go on; each step with its entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from store.database import db
from store.errors import ConflictError
from store.newsletter.campaigns import pausing, starting
from store.newsletter.campaigns.checking import faults_of
from store.newsletter.campaigns.letters import UnfinishedLetterError
from store.newsletter.campaigns.models import Campaign, Delivery, DeliveryState, PauseCause
from store.newsletter.campaigns.segments import size
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.campaigns import thing_of

MOST_ANSWERS = 20


class NotAsSeenError(ConflictError):
    """The letter or the number of its readers is another than whoever sends it was shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever sends was shown: the version of the letter, and how many get it."""

    version: int
    number: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What one domain said to so many mails of a campaign."""

    domain: str
    answer: str
    is_final: bool
    number: int


def seen_now(campaign: Campaign, services: Services) -> Seen:
    return Seen(campaign.version, size(campaign, services.clock))


def start(campaign: Campaign, seen: Seen, actor: Actor, services: Services) -> None:
    """Begin to send a locked campaign; flushes only.

    Raises NotAsSeenError, UnfinishedLetterError, and CampaignMovedError where it has begun.
    """
    if seen_now(campaign, services) != seen:
        raise NotAsSeenError("another letter, or other readers")
    starting.begin(campaign, services)
    _note("started", campaign, actor, services, number=seen.number)


def schedule(
    campaign: Campaign, at: datetime, seen: Seen, actor: Actor, services: Services
) -> None:
    """Have a locked campaign begin by itself; flushes only. Raises what `start` raises.

    Who gets it is asked again when it begins, so only the letter must be the one that was shown.
    """
    if campaign.version != seen.version:
        raise NotAsSeenError("another letter")
    # What it shows may appear until then.
    if faults := faults_of(campaign, services.settings, now=at):
        raise UnfinishedLetterError(faults)
    starting.schedule(campaign, at, services)
    _note("scheduled", campaign, actor, services, scheduled_at=at.isoformat())


def unschedule(campaign: Campaign, actor: Actor, services: Services) -> None:
    """Make it a draft again; flushes only. Raises CampaignMovedError."""
    starting.unschedule(campaign, services)
    _note("unscheduled", campaign, actor, services)


def pause(campaign: Campaign, actor: Actor, services: Services) -> None:
    """Send nothing more for now; flushes only. Raises CampaignMovedError."""
    pausing.pause(campaign, PauseCause.STAFF, services.clock)
    _note("paused", campaign, actor, services)


def resume(campaign: Campaign, actor: Actor, services: Services) -> None:
    """Go on where it stood; flushes only. Raises CampaignMovedError."""
    pausing.resume(campaign, services.clock)
    _note("resumed", campaign, actor, services)


def cancel(campaign: Campaign, actor: Actor, services: Services) -> None:
    """Send nothing more, ever; flushes only. Raises CampaignMovedError."""
    pausing.cancel(campaign, services.clock)
    _note("cancelled", campaign, actor, services)


def answers_of(campaign: Campaign) -> Sequence[Answers]:
    """Return what the outside said where it did not simply take a mail, the most frequent first."""
    is_final = Delivery.state.in_((DeliveryState.REFUSED, DeliveryState.COMPLAINED))
    number = func.count()
    rows = db.session.execute(
        select(Delivery.domain, Delivery.answer, is_final, number)
        .where(
            Delivery.campaign_id == campaign.id,
            Delivery.answer != "",
            is_final | (Delivery.state == DeliveryState.WAITING),
        )
        .group_by(Delivery.domain, Delivery.answer, is_final)
        .order_by(number.desc(), Delivery.domain, Delivery.answer)
        .limit(MOST_ANSWERS)
    )
    return [Answers(domain, answer, bool(final), count) for domain, answer, final, count in rows]


def _note(act: str, campaign: Campaign, actor: Actor, services: Services, **after: Any) -> None:
    record(actor, f"campaign.{act}", thing_of(campaign), clock=services.clock, after=after or None)
