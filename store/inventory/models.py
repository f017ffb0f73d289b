"""What lies on the shelf, what is promised, and the ledger that explains both."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model

IS_LOW = "on_hand - reserved <= 3"
IS_HELD = "state = 'held'"
"""Indexes and whoever asks say it in the same words: by them databases know that it fits.

The number is store.inventory.stock.LOW_STOCK; an index cannot follow it by itself.
"""


class MovementKind(StrEnum):
    RECEIVE = "receive"
    ADJUST = "adjust"
    SALE = "sale"
    RETURN = "return"
    DAMAGE = "damage"
    IMPORT = "import"


class ReservationState(StrEnum):
    HELD = "held"
    ALLOCATED = "allocated"
    SHIPPED = "shipped"
    RELEASED = "released"


class StockLevel(Model):
    """One row a tracked variant; only store.inventory.stock writes it."""

    __tablename__ = "stock_level"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("shortage >= 0", name="shortage_not_negative"),
        CheckConstraint("may_oversell OR on_hand + shortage - reserved >= 0", name="promises_kept"),
        CheckConstraint("to_come >= 0", name="to_come_not_negative"),
        CheckConstraint(
            "NOT may_oversell OR to_come IS NULL OR on_hand + to_come + shortage - reserved >= 0",
            name="promises_to_come_kept",
        ),
        Index(
            "ix_stock_level_low",
            "variant_id",
            sqlite_where=text(IS_LOW),
            postgresql_where=text(IS_LOW),
        ),
    )

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variant.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    shortage: Mapped[int] = mapped_column(default=0)
    may_oversell: Mapped[bool] = mapped_column(default=False)
    to_come: Mapped[int | None]
    """Units under way that may be sold already, where more may be sold than lie here; None where
    nobody counts them. A delivery takes its units off."""
    comes_on: Mapped[date | None]
    """The day on which they are expected and their parcels leave."""

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def sellable(self) -> int | None:
        """How many more may be promised; None where there is no limit."""
        if not self.may_oversell:
            return max(0, self.available)
        return None if self.to_come is None else max(0, self.available + self.to_come)


class StockMovement(Model):
    """One change of what lies on the shelf; rows are added and never changed."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        CheckConstraint("delta <> 0", name="delta_moves"),
        Index("ix_stock_movement_kind_at", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variant.id", ondelete="RESTRICT"), index=True
    )
    delta: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    cause: Mapped[str] = mapped_column(String(80), default="")
    actor: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime]


class StockProof(Model):
    """One night's proof of every level against its ledger and its promises."""

    __tablename__ = "stock_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    differences: Mapped[int]


class Reservation(Model):
    """Units promised to one order line: held while it is paid, then allocated, then shipped."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_reservation_variant_id_state", "variant_id", "state"),
        Index("ix_reservation_holder_state", "holder", "state"),
        Index(
            "ix_reservation_held",
            "order_line_id",
            sqlite_where=text(IS_HELD),
            postgresql_where=text(IS_HELD),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="RESTRICT"))
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="RESTRICT"), index=True
    )
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=ReservationState.HELD)
    expires_at: Mapped[datetime | None]
    holder: Mapped[int | None]
    """The cart whose reader pays: what it holds is not sold out for its own reader."""


class QueueState(StrEnum):
    """Where a place in the queue for the last unit stands."""

    WAITING = "waiting"
    CALLED = "called"
    """One unit is kept for it: it is part of what is reserved."""
    PAYING = "paying"
    """Its unit became the hold of an order that is being paid."""
    MISSED = "missed"
    """It was called, and its time passed."""
    SOLD = "sold"
    """The last unit was sold while it waited."""


class QueuePlace(Model):
    """One cart's place in the queue for the last unit of a variant; the lower id comes first."""

    __tablename__ = "queue_place"
    __table_args__ = (
        UniqueConstraint("variant_id", "cart_id"),
        CheckConstraint(
            "state IN ('waiting', 'called', 'paying', 'missed', 'sold')", name="state_known"
        ),
        Index("ix_queue_place_variant_id_state_id", "variant_id", "state", "id"),
        Index("ix_queue_place_cart_id", "cart_id"),
        Index("ix_queue_place_state_claim_until", "state", "claim_until"),
        # A place that was given up must never be found again in front of others.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    cart_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=QueueState.WAITING)
    claim_until: Mapped[datetime | None]
    """Until when its unit is kept once it was called; None until somebody was told."""
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When its reader was told how it ended."""
