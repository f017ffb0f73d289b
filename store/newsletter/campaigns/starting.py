"""How a campaign begins: its words are frozen once, and each of its readers gets one row."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, func, literal, select

from store.database import bump_public_version, db, insert_into, writing
from store.errors import StoreError
from store.newsletter.campaigns.letters import letter_of
from store.newsletter.campaigns.models import Campaign, CampaignState, Delivery, DeliveryState
from store.newsletter.campaigns.moving import move
from store.newsletter.campaigns.segments import matching
from store.newsletter.models import Subscriber
from store.services import Services

AT_ONCE = 2_000
"""How many deliveries one transaction writes: others wait for it no longer than a moment."""
OF_A_PERCENT = 100
"""A campaign keeps its limits in hundredths of a percent."""
UNSENT = (CampaignState.DRAFT, CampaignState.SCHEDULED)

log = structlog.get_logger(__name__)


def schedule(campaign: Campaign, at: datetime, services: Services) -> None:
    """Have it begin by itself; raises CampaignMovedError. Flushes only."""
    move(campaign, UNSENT, CampaignState.SCHEDULED, services.clock, scheduled_at=at)


def unschedule(campaign: Campaign, services: Services) -> None:
    """Make it a draft again; raises CampaignMovedError where it has begun. Flushes only."""
    scheduled = (CampaignState.SCHEDULED,)
    move(campaign, scheduled, CampaignState.DRAFT, services.clock, scheduled_at=None)


def begin(campaign: Campaign, services: Services) -> None:
    """Freeze what it says and let the workers have it; raises CampaignMovedError. Flushes only.

    What workers do next they do in parts: they write the deliveries (`fill`) and send them.
    """
    letter, settings = letter_of(campaign, services), services.settings
    move(
        campaign,
        UNSENT,
        CampaignState.SENDING,
        services.clock,
        started_at=services.clock.now(),
        sent_subject=letter.subject,
        sent_text=letter.text,
        sent_html=letter.html,
        bounce_limit=round(settings.campaign_bounce_percent * OF_A_PERCENT),
        complaint_limit=round(settings.campaign_complaint_percent * OF_A_PERCENT),
    )
    if campaign.slug:
        # Pages that list the archive have a letter more.
        bump_public_version()


def begin_due(services: Services) -> int:
    """Begin what was scheduled until now; return how many. Opens a transaction for each."""
    due = db.session.scalars(
        select(Campaign.id).where(
            Campaign.state == CampaignState.SCHEDULED,
            Campaign.scheduled_at <= services.clock.now(),
        )
    ).all()
    db.session.rollback()
    return sum(_begin_one(campaign_id, services) for campaign_id in due)


def fill(campaign_id: int, services: Services) -> bool:
    """Write the next part of a campaign's deliveries; say whether there may be more.

    Opens its own transaction, which also says how far it came: whoever is killed in it leaves
    nothing behind, and the next goes on there.
    """
    with writing():
        campaign = db.session.get(Campaign, campaign_id, with_for_update=True)
        if campaign is None or campaign.filled_at or campaign.state != CampaignState.SENDING:
            return False
        now = services.clock.now()
        part = matching(campaign, services.clock).where(Subscriber.id > campaign.filled_to)
        last = db.session.scalar(
            select(func.max(part.order_by(Subscriber.id).limit(AT_ONCE).subquery().c.id))
        )
        if last is None:
            campaign.filled_at = now
            return False
        db.session.execute(
            insert_into(Delivery)
            .from_select(list(_COLUMNS), _rows(part.where(Subscriber.id <= last), campaign, now))
            # Whoever has a row has had it since a try before this one.
            .on_conflict_do_nothing(index_elements=[Delivery.campaign_id, Delivery.subscriber_id])
        )
        campaign.filled_to = last
        return True


_COLUMNS = (
    "campaign_id",
    "subscriber_id",
    "domain",
    "state",
    "attempts",
    "due_at",
    "message_id",
    "answer",
)


def _rows(part: Select[int], campaign: Campaign, now: datetime) -> Select[*tuple[Any, ...]]:
    return part.with_only_columns(
        literal(campaign.id),
        Subscriber.id,
        _domain(),
        literal(DeliveryState.WAITING.value),
        literal(0),
        literal(now, Delivery.due_at.type),
        literal(""),
        literal(""),
    )


def _domain() -> ColumnElement[str]:
    is_sqlite = db.session().get_bind().dialect.name == "sqlite"
    position = func.instr if is_sqlite else func.strpos
    return func.substr(Subscriber.email, position(Subscriber.email, "@") + 1)


def _begin_one(campaign_id: int, services: Services) -> bool:
    try:
        with writing():
            begin(db.session.get_one(Campaign, campaign_id), services)
    except StoreError as error:
        # The next turn tries again; one campaign that cannot begin holds up no other.
        log.warning("campaign_not_begun", campaign=campaign_id, error=type(error).__name__)
        return False
    return True
