"""Units that were paid for and are not there: what their reader may choose, and what she chose."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model
from store.orders.models import Order, OrderLine, Refund

IS_LIVE = "state IN ('open', 'waits')"
"""The index and whoever asks say it in the same words: by them databases know that it fits."""


class ShortfallState(StrEnum):
    """Open until somebody chooses; who waits may still choose something else."""

    OPEN = "open"
    WAITS = "waits"
    SWAPPED = "swapped"
    REFUNDED = "refunded"
    ARRIVED = "arrived"
    """The units came back meanwhile and are set aside."""
    OVER = "over"
    """Dealt with in another way: sent, or given back by an ordinary refund."""


LIVE = frozenset({ShortfallState.OPEN, ShortfallState.WAITS})


class Shortfall(Model):
    """Missing units of one line; at most one of a line is undecided at a time."""

    __tablename__ = "shortfall"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "state IN ('open', 'waits', 'swapped', 'refunded', 'arrived', 'over')",
            name="state_known",
        ),
        CheckConstraint(
            "state <> 'swapped' OR replacement_id IS NOT NULL", name="replacement_named"
        ),
        Index(
            "uq_shortfall_order_line_id_live",
            "order_line_id",
            unique=True,
            sqlite_where=text(IS_LIVE),
            postgresql_where=text(IS_LIVE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="RESTRICT"), index=True
    )
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=ShortfallState.OPEN)
    opened_at: Mapped[datetime]
    decide_by: Mapped[datetime]
    """When the money goes back by itself, unless somebody has chosen."""
    reminded_at: Mapped[datetime | None]
    expected_on: Mapped[date | None]
    """When staff expect it again; None where nobody knows."""
    chosen_at: Mapped[datetime | None]
    chosen_by: Mapped[str] = mapped_column(String(120), default="")
    """reader, deadline, or the name of whoever chose for her."""
    refund_id: Mapped[int | None] = mapped_column(
        ForeignKey("refund.id", ondelete="RESTRICT"), index=True
    )
    """What went back: all of it, or the difference to what is sent instead."""
    replacement_id: Mapped[int | None] = mapped_column(
        ForeignKey("order.id", ondelete="RESTRICT"), index=True
    )
    """The order of nothing by which something else is sent."""

    order: Mapped[Order] = relationship(foreign_keys=[order_id])
    line: Mapped[OrderLine] = relationship()
    refund: Mapped[Refund | None] = relationship()
    replacement: Mapped[Order | None] = relationship(foreign_keys=[replacement_id])

    @property
    def is_live(self) -> bool:
        return self.state in LIVE
