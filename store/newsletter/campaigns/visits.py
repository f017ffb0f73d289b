"""Counts how often a campaign led to the shop; it knows of no reader.

A page of the shop that was opened by a link of a letter says so once, by a post of its own: a GET
counts nothing, so whatever follows every link of every mail leaves no trace.
"""

from sqlalchemy import func, select

from store.clock import Clock
from store.database import db, insert_into
from store.newsletter.campaigns.models import Campaign
from store.newsletter.campaigns.visit_models import CampaignDay
from store.settings import Settings


def count_visit(campaign_id: int, settings: Settings, clock: Clock) -> bool:
    """Add one visit, unless no campaign of this number was ever sent; flushes only."""
    sent = select(Campaign.id).where(Campaign.id == campaign_id, Campaign.started_at.is_not(None))
    if db.session.scalar(sent) is None:
        return False
    day = clock.now().astimezone(settings.zone).date()
    new = insert_into(CampaignDay).values(campaign_id=campaign_id, day=day, visits=1)
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=[CampaignDay.campaign_id, CampaignDay.day],
            set_={"visits": CampaignDay.visits + 1},
        ).execution_options(synchronize_session=False)
    )
    return True


def visits_of(campaign_id: int) -> int:
    """Return how often it led to the shop."""
    counted = select(func.coalesce(func.sum(CampaignDay.visits), 0))
    return int(db.session.scalar(counted.where(CampaignDay.campaign_id == campaign_id)) or 0)
