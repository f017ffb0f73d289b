"""Who agreed to be mailed the link of her cart: one row a cart, one mail, soon forgotten."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class LinkState(StrEnum):
    ASKED = "asked"
    SENT = "sent"


class CartLink(Model):
    __tablename__ = "cart_link"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'sent')", name="state_known"),
        Index("ix_cart_link_state_asked_at", "state", "asked_at"),
        Index("ix_cart_link_email_hash", "email_hash"),
        Index("ix_cart_link_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    """Folded to lower case; empty where nothing may be sent to it."""
    email_hash: Mapped[str] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(String(64))
    """Random; the links in the mail about this cart are signed with it."""
    state: Mapped[str] = mapped_column(String(8), default=LinkState.ASKED)
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    """When the row goes, and with it the address and the link."""


class CartLinkDay(Model):
    """What came of the links, by day: numbers alone, which outlive the addresses."""

    __tablename__ = "cart_link_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    mailed: Mapped[int] = mapped_column(default=0)
    restored: Mapped[int] = mapped_column(default=0)
