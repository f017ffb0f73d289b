"""Who asked to be told when a variant is back: one row an address and variant, soon forgotten."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class RequestState(StrEnum):
    """Only who waits is ever told, and who was told is told nothing more."""

    PENDING = "pending"
    WAITING = "waiting"
    TOLD = "told"


class StockRequest(Model):
    __tablename__ = "stock_request"
    __table_args__ = (
        UniqueConstraint("variant_id", "email_hash"),
        CheckConstraint("state IN ('pending', 'waiting', 'told')", name="state_known"),
        Index("ix_stock_request_state_variant_id_asked_at", "state", "variant_id", "asked_at"),
        Index("ix_stock_request_email_hash", "email_hash"),
        Index("ix_stock_request_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    """Folded to lower case; empty once she was told."""
    email_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(String(64))
    """Random; the links in the mails about this request are signed with it."""
    state: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    """Her place in the line; asking again neither loses nor gains one."""
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    """When the row goes, whatever became of it."""
