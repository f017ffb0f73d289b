"""What readers send back: which units, why, and what they would like instead."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model
from store.orders.models import Order, OrderLine

WAITS = "state IN ('asked', 'received')"
"""The index and whoever asks say it in the same words: by them databases know that it fits."""


class ReturnState(StrEnum):
    """Where a return stands; NEXT says which may follow which."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RECEIVED = "received"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"


NEXT: dict[ReturnState, frozenset[ReturnState]] = {
    ReturnState.ASKED: frozenset(
        {ReturnState.APPROVED, ReturnState.DECLINED, ReturnState.WITHDRAWN}
    ),
    ReturnState.APPROVED: frozenset(
        {ReturnState.RECEIVED, ReturnState.DECLINED, ReturnState.WITHDRAWN}
    ),
    ReturnState.RECEIVED: frozenset({ReturnState.REFUNDED, ReturnState.EXCHANGED}),
    ReturnState.DECLINED: frozenset(),
    ReturnState.WITHDRAWN: frozenset(),
    ReturnState.REFUNDED: frozenset(),
    ReturnState.EXCHANGED: frozenset(),
}


class Wish(StrEnum):
    REFUND = "refund"
    EXCHANGE = "exchange"


class Why(StrEnum):
    """Reasons to choose from; what they are called stands with the words of the pages."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_AS_SHOWN = "not_as_shown"
    FAULTY = "faulty"
    WRONG_ITEM = "wrong_item"
    CHANGED_MIND = "changed_mind"
    OTHER = "other"


class Return(Model):
    """One parcel back, asked for by its reader."""

    __tablename__ = "order_return"
    __table_args__ = (
        CheckConstraint(
            "state IN ('asked', 'approved', 'declined', 'withdrawn', 'received', 'refunded',"
            " 'exchanged')",
            name="state_known",
        ),
        CheckConstraint("wish IN ('refund', 'exchange')", name="wish_known"),
        CheckConstraint("state <> 'refunded' OR refund_id IS NOT NULL", name="refund_named"),
        CheckConstraint(
            "state <> 'exchanged' OR replacement_id IS NOT NULL", name="replacement_named"
        ),
        Index("ix_order_return_state_asked_at", "state", "asked_at"),
        Index(
            "ix_order_return_waiting",
            "id",
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ReturnState.ASKED)
    wish: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(1000), default="")
    """What the reader wrote with it."""
    instructions: Mapped[str] = mapped_column(Text, default="")
    """Where to send it and how, as it was mailed to her."""
    refusal: Mapped[str] = mapped_column(Text, default="")
    """Why it was declined, as it was mailed to her."""
    refund_id: Mapped[int | None] = mapped_column(
        ForeignKey("refund.id", ondelete="RESTRICT"), unique=True
    )
    replacement_id: Mapped[int | None] = mapped_column(
        ForeignKey("order.id", ondelete="RESTRICT"), unique=True
    )
    """The order of nothing by which the other variant is sent."""
    asked_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    order: Mapped[Order] = relationship(foreign_keys=[order_id])
    replacement: Mapped[Order | None] = relationship(foreign_keys=[replacement_id])
    lines: Mapped[list["ReturnLine"]] = relationship(
        order_by="ReturnLine.order_line_id", cascade="all, delete-orphan"
    )


class ReturnLine(Model):
    """Units of one line that come back, and what they were like when they came."""

    __tablename__ = "order_return_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("good >= 0 AND damaged >= 0", name="received_not_negative"),
        CheckConstraint("good + damaged <= quantity", name="received_within_asked"),
    )

    return_id: Mapped[int] = mapped_column(
        ForeignKey("order_return.id", ondelete="CASCADE"), primary_key=True
    )
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    swap_variant_id: Mapped[int | None] = mapped_column(
        ForeignKey("variant.id", ondelete="SET NULL"), index=True
    )
    """What she would like in its place; None where money is wished for."""
    good: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)

    line: Mapped[OrderLine] = relationship()

    @property
    def received(self) -> int:
        return self.good + self.damaged
