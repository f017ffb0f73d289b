"""Moves a campaign from state to state: in one statement, so that of two who try one succeeds."""

from collections.abc import Collection

from sqlalchemy import update

from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.newsletter.campaigns.models import Campaign, CampaignState


class CampaignMovedError(ConflictError):
    """The campaign is not where this can be done any more."""


def move(
    campaign: Campaign,
    before: Collection[CampaignState],
    after: CampaignState,
    clock: Clock,
    **changed: object,
) -> None:
    """Move it and change what goes with it; raises CampaignMovedError. Flushes only."""
    if not moved(campaign.id, before, after, clock, **changed):
        raise CampaignMovedError(f"not one of {', '.join(sorted(before))}")
    db.session.refresh(campaign)


def moved(
    campaign_id: int,
    before: Collection[CampaignState],
    after: CampaignState,
    clock: Clock,
    **changed: object,
) -> bool:
    """Say whether this very call moved it; flushes only."""
    done = db.session.scalar(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.state.in_(before))
        .values(state=after, updated_at=clock.now(), **changed)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    return done is not None
