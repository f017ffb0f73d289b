"""How often a campaign led to the shop; nobody is identified."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class CampaignDay(Model):
    """Visits on one day of the shop's time zone."""

    __tablename__ = "campaign_day"
    __table_args__ = (CheckConstraint("visits >= 0", name="visits_not_negative"),)

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    visits: Mapped[int] = mapped_column(default=0)
