"""Stops a campaign and lets it go on: by staff, or by itself when too much comes back."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, func, select

from store.clock import Clock
from store.database import db
from store.newsletter.campaigns.models import (
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    PauseCause,
)
from store.newsletter.campaigns.moving import move, moved

LEAST_GIVEN = 100
"""Before so many mails were given to the outside no share of them says anything."""
LEAST_COMPLAINTS = 2
"""One person's click stops no campaign."""
WHOLE = 10_000
"""Limits are in hundredths of a percent."""
UNDER_WAY = (CampaignState.SENDING,)
STOPPABLE = (CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED)


def pause(campaign: Campaign, cause: PauseCause, clock: Clock) -> None:
    """Send nothing more until it is resumed; raises CampaignMovedError. Flushes only.

    A mail that a worker is giving to the outside at this moment is still sent.
    """
    move(campaign, UNDER_WAY, CampaignState.PAUSED, clock, pause_cause=cause)


def resume(campaign: Campaign, clock: Clock) -> None:
    """Go on where it stood; raises CampaignMovedError. Flushes only.

    What came back before is known to whoever says so, and pauses it no more.
    """
    now = clock.now()
    paused = (CampaignState.PAUSED,)
    move(campaign, paused, CampaignState.SENDING, clock, pause_cause="", judged_since=now)


def cancel(campaign: Campaign, clock: Clock) -> None:
    """Send nothing more, ever; raises CampaignMovedError. Flushes only."""
    now = clock.now()
    move(campaign, STOPPABLE, CampaignState.CANCELLED, clock, pause_cause="", finished_at=now)


def pause_if_over(campaign_id: int, clock: Clock) -> PauseCause | None:
    """Pause it if more bounces or complaints came back than it may have; return why it did.

    Flushes only; asked after each that comes in.
    """
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None or campaign.state != CampaignState.SENDING:
        return None
    cause = _cause(campaign)
    if cause is None:
        return None
    is_mine = moved(campaign_id, UNDER_WAY, CampaignState.PAUSED, clock, pause_cause=cause)
    db.session.refresh(campaign)
    return cause if is_mine else None


def paused_by_themselves() -> Sequence[Campaign]:
    """Return the campaigns that stopped and wait for somebody to say what becomes of them."""
    own = (PauseCause.BOUNCES, PauseCause.COMPLAINTS)
    stopped = select(Campaign).where(
        Campaign.state == CampaignState.PAUSED, Campaign.pause_cause.in_(own)
    )
    return db.session.scalars(stopped.order_by(Campaign.id)).all()


def _cause(campaign: Campaign) -> PauseCause | None:
    given, bounces, complaints = _came_back(campaign)
    if given < LEAST_GIVEN:
        return None
    if complaints >= LEAST_COMPLAINTS and complaints * WHOLE > given * campaign.complaint_limit:
        return PauseCause.COMPLAINTS
    if bounces * WHOLE > given * campaign.bounce_limit:
        return PauseCause.BOUNCES
    return None


def _came_back(campaign: Campaign) -> tuple[int, int, int]:
    """Return how many mails were given to the outside, bounced, and were complained about."""

    def of(*states: DeliveryState) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((Delivery.state.in_(states), 1), else_=0)), 0)

    counted = select(
        of(DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.COMPLAINED),
        of(DeliveryState.REFUSED),
        of(DeliveryState.COMPLAINED),
    ).where(Delivery.campaign_id == campaign.id)
    if campaign.judged_since is not None:
        counted = counted.where(Delivery.tried_at > campaign.judged_since)
    given, bounces, complaints = db.session.execute(counted).one()
    return int(given), int(bounces), int(complaints)
