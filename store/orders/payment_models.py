"""The money of orders: what was paid, and what went back of it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model
from store.money import Money

if TYPE_CHECKING:
    from store.orders.models import Order

IS_UNDER_WAY = "status IN ('pending', 'requires_action')"
"""The index and whoever asks say it in the same words: by them databases know that it fits."""
IS_LOST = "status IN ('failed', 'canceled')"


class Payment(Model):
    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint(
            "refunded_minor >= 0 AND refunded_minor <= amount_minor", name="refunded_within_paid"
        ),
        CheckConstraint("lost_minor >= 0 AND lost_minor <= amount_minor", name="lost_within_paid"),
        # Reports add up every payment of a span: the index holds all that they add.
        Index(
            "ix_payment_order_id_sums", "order_id", "amount_minor", "refunded_minor", "lost_minor"
        ),
        Index(
            "ix_payment_by_gift_card",
            "at",
            "order_id",
            "amount_minor",
            "refunded_minor",
            sqlite_where=text("gift_card_id IS NOT NULL"),
            postgresql_where=text("gift_card_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"))
    intent_id: Mapped[str] = mapped_column(String(255), unique=True)
    amount_minor: Mapped[int]
    refunded_minor: Mapped[int] = mapped_column(default=0)
    """What went back or is on its way back: refunds that neither failed nor were cancelled."""
    lost_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    """What banks took back for good: disputes that were lost."""
    currency: Mapped[str] = mapped_column(String(3))
    method: Mapped[str] = mapped_column(String(60), default="")
    gift_card_id: Mapped[int | None]
    """The gift card that paid it: Stripe knows nothing of such a payment."""
    at: Mapped[datetime]

    order: Mapped["Order"] = relationship(back_populates="payments")


class RefundStatus(StrEnum):
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "canceled"

    @property
    def gives_back(self) -> bool:
        return self not in {RefundStatus.FAILED, RefundStatus.CANCELLED}


class Refund(Model):
    """One row a Stripe refund, whether it was asked for here or in Stripe's dashboard."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("means IN ('stripe', 'other')", name="means_known"),
        Index(
            "ix_refund_lost",
            "id",
            sqlite_where=text(IS_LOST),
            postgresql_where=text(IS_LOST),
        ),
        Index(
            "ix_refund_under_way",
            "order_id",
            sqlite_where=text(IS_UNDER_WAY),
            postgresql_where=text(IS_UNDER_WAY),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    stripe_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(20), default=RefundStatus.PENDING)
    reason: Mapped[str] = mapped_column(String(200), default="")
    restocks: Mapped[bool] = mapped_column(default=False)
    """Whether what had been shipped came back to the shelf with it."""
    leaves_goods: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its goods were dealt with before: they came back with a return."""
    shipping_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    """How much of the amount is what the parcel cost."""
    card_parts: Mapped[list[list[int]]] = mapped_column(JSON, default=list, server_default="[]")
    """What of the amount goes back to gift cards: pairs of a payment's id and minor units."""
    means: Mapped[str] = mapped_column(String(10), default="stripe", server_default="stripe")
    """stripe, or other: paid by hand, as a note says; Stripe knows nothing of it."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often Stripe failed at it for good: each time it is asked with a key of its own."""
    line_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The lines that `lines` are of, as releases before those rows read them."""
    at: Mapped[datetime]

    order: Mapped["Order"] = relationship(back_populates="refunds")
    lines: Mapped[list["RefundLine"]] = relationship(cascade="all, delete-orphan")
    """Whose money went back; empty for a refund of an amount or of everything."""

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def on_cards_minor(self) -> int:
        return sum(minor for _, minor in self.card_parts)

    @property
    def on_cards(self) -> Money:
        """What of it goes back to gift cards."""
        return Money(self.on_cards_minor, self.currency)

    @property
    def by_service(self) -> Money:
        """What of it Stripe gives back."""
        return self.amount - self.on_cards


class RefundLine(Model):
    """How many units of a line a refund gives the money back for."""

    __tablename__ = "refund_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("cancelled >= 0 AND cancelled <= quantity", name="cancelled_within"),
    )

    refund_id: Mapped[int] = mapped_column(
        ForeignKey("refund.id", ondelete="CASCADE"), primary_key=True
    )
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    quantity: Mapped[int]
    amount_minor: Mapped[int]
    cancelled: Mapped[int] = mapped_column(default=0)
    """Units that this refund kept from being sent, once it was sure."""
