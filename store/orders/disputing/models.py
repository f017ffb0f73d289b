"""Payments that a bank takes back or asks about: what Stripe says of them, and our answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model
from store.money import Money
from store.orders.models import Order

IS_OPEN = "closed_at IS NULL"
IS_UNHEARD = "asked_key IS NOT NULL"
"""Indexes and whoever asks say it in the same words: by them databases know that it fits."""


class DisputeStatus(StrEnum):
    """As Stripe says it; a warning asks first, and no money has moved."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"


ANSWERABLE = frozenset({DisputeStatus.NEEDS_RESPONSE, DisputeStatus.WARNING_NEEDS_RESPONSE})
ENDED = frozenset(
    {
        DisputeStatus.WARNING_CLOSED,
        DisputeStatus.WON,
        DisputeStatus.LOST,
        DisputeStatus.PREVENTED,
    }
)


class Ask(StrEnum):
    """What Stripe is asked to do with a dispute."""

    KEEP = "keep"
    SUBMIT = "submit"
    ACCEPT = "accept"


class Dispute(Model):
    """One dispute of one payment; the answer that is being sent stands in the columns asked_*."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("asked_what IN ('', 'keep', 'submit', 'accept')", name="asked_what_known"),
        Index(
            "ix_dispute_open",
            "due_by",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index(
            "ix_dispute_unheard",
            "id",
            sqlite_where=text(IS_UNHEARD),
            postgresql_where=text(IS_UNHEARD),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    stripe_id: Mapped[str] = mapped_column(String(255), unique=True)
    intent_id: Mapped[str] = mapped_column(String(255))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[str] = mapped_column(String(40))
    is_refundable: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_by: Mapped[datetime | None]
    """Until when the bank takes an answer."""
    submissions: Mapped[int] = mapped_column(default=0)
    has_evidence: Mapped[bool] = mapped_column(default=False)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    is_reinstated: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    ships_anyway: Mapped[bool] = mapped_column(default=False)
    """Whether somebody decided to send the goods although the money is disputed."""
    statement: Mapped[str] = mapped_column(Text, default="")
    """What staff say in their own words; it goes to the bank before what the records say."""

    asked_what: Mapped[str] = mapped_column(String(10), default="")
    asked_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    """Set while Stripe has not said what became of it: whoever asks again repeats the very same."""
    asked_evidence: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    asked_by: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_warning(self) -> bool:
        return self.status.startswith("warning")

    @property
    def is_answerable(self) -> bool:
        return self.status in ANSWERABLE

    @property
    def is_lost(self) -> bool:
        return self.status == DisputeStatus.LOST
