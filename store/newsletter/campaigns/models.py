"""A mail to many: what it says, to whom, and what became of it at each address."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class CampaignState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    """By staff or by itself; it goes on where it stood."""
    SENT = "sent"
    CANCELLED = "cancelled"


class PauseCause(StrEnum):
    STAFF = "staff"
    BOUNCES = "bounces"
    COMPLAINTS = "complaints"


class Campaign(Model):
    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled')",
            name="state_known",
        ),
        CheckConstraint("per_minute > 0", name="throttle_positive"),
        Index("ix_campaign_state_scheduled_at", "state", "scheduled_at"),
        Index("ix_campaign_finished_at", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    """What staff call it; readers never see it."""
    topic: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200), default="")
    preview: Mapped[str] = mapped_column(String(200), default="")
    """What mailboxes show beside the subject."""
    body: Mapped[str] = mapped_column(Text, default="")
    """Markdown; a line [[product:HANDLE]] stands for that product's card."""
    bought: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Products of which a reader must have bought one; empty where it does not matter."""
    sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Sections of the stories under which readers signed up; empty where it does not matter."""
    per_minute: Mapped[int] = mapped_column(default=600)
    state: Mapped[str] = mapped_column(String(12), default=CampaignState.DRAFT)
    pause_cause: Mapped[str] = mapped_column(String(12), default="")
    """Empty unless it is paused."""
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    """Where it stands in the archive; none for a campaign that is only mailed."""
    sent_subject: Mapped[str] = mapped_column(String(255), default="")
    sent_text: Mapped[str] = mapped_column(Text, default="")
    sent_html: Mapped[str] = mapped_column(Text, default="")
    """As it was when sending began, the same for everybody but for each one's own links."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    scheduled_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    filled_to: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last subscriber for whom a delivery was written, if she was to have one."""
    filled_at: Mapped[datetime | None]
    """When all deliveries were written; until then nobody can say that none waits."""
    bounce_limit: Mapped[int] = mapped_column(default=500, server_default="500")
    """In hundredths of a percent, as it was when sending began: more, and it pauses itself."""
    complaint_limit: Mapped[int] = mapped_column(default=30, server_default="30")
    judged_since: Mapped[datetime | None]
    """When it was last resumed: what was tried before made nobody stop it again."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    """Also while it is put off because the outside said to try later."""
    SENT = "sent"
    REFUSED = "refused"
    """The outside said no for good, when it was given or by a bounce afterwards."""
    COMPLAINED = "complained"
    SKIPPED = "skipped"
    """The reader left, paused or was suppressed between the start and her turn."""


IS_CLAIMED = "claimed_until IS NOT NULL"


class Delivery(Model):
    """One campaign to one reader: at most one row, so nobody is written to twice."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sent', 'refused', 'complained', 'skipped')",
            name="state_known",
        ),
        UniqueConstraint("campaign_id", "subscriber_id"),
        Index("ix_delivery_campaign_id_state_due_at", "campaign_id", "state", "due_at"),
        # What was tried in the last minute is counted before more is taken, and what is in hand.
        Index("ix_delivery_campaign_id_tried_at", "campaign_id", "tried_at"),
        Index(
            "ix_delivery_campaign_id_claimed_until",
            "campaign_id",
            "claimed_until",
            sqlite_where=text(IS_CLAIMED),
            postgresql_where=text(IS_CLAIMED),
        ),
        Index("ix_delivery_message_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    subscriber_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscriber.id", ondelete="SET NULL"), index=True
    )
    """None once the person was erased; what became of the mail is still counted."""
    domain: Mapped[str] = mapped_column(String(255))
    """Of the address: whoever refuses for now is left alone as a whole."""
    state: Mapped[str] = mapped_column(String(12), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    """The number of the claim that last took it: who lost it meanwhile records nothing."""
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    """Until then the worker that took it is believed to live."""
    message_id: Mapped[str] = mapped_column(String(255), default="")
    """Stays the same over all tries, so that a mailbox can drop what it was given twice."""
    answer: Mapped[str] = mapped_column(String(300), default="")
    """What the outside said last."""
    tried_at: Mapped[datetime | None]
    """When it was last given to the outside, whatever that said."""
    sent_at: Mapped[datetime | None]
