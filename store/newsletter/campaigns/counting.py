"""How far a campaign is: what became of its mails, counted."""

from dataclasses import dataclass

from sqlalchemy import func, select

from store.database import db
from store.newsletter.campaigns.models import Campaign, Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a campaign that was cancelled, waiting are those who were never written to."""

    waiting: int = 0
    sent: int = 0
    refused: int = 0
    complained: int = 0
    skipped: int = 0

    @property
    def given(self) -> int:
        """How many mails the outside was given for good, whatever came back."""
        return self.sent + self.refused + self.complained


def tally(campaign: Campaign) -> Tally:
    """Count its deliveries; right after it began they are still being written."""
    rows = db.session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.campaign_id == campaign.id)
        .group_by(Delivery.state)
    )
    return Tally(**{DeliveryState(state).value: number for state, number in rows})
