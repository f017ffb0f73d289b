"""What readers told the newsroom, until it is old enough to be forgotten."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class Tip(Model):
    """One message; no network address is kept of who sent it."""

    __tablename__ = "tip"

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(320), default="")
    """How its sender may be reached, in her own words; empty when she would rather not be."""
    story: Mapped[str] = mapped_column(String(500), default="")
    """The story under which the tips line stood; empty when none of ours was named."""
    at: Mapped[datetime] = mapped_column(index=True)
    handled_at: Mapped[datetime | None]
    """When somebody of the newsroom took it up; empty while it waits."""


class TipFile(Model):
    """The file that came with a tip: kept in the database, never where the web could reach it."""

    __tablename__ = "tip_file"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="size_positive"),)

    tip_id: Mapped[int] = mapped_column(ForeignKey("tip.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(120))
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
