"""What was done about refunds that did not arrive."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class How(StrEnum):
    """The ways on: asked for again, paid by other means, or owed to nobody."""

    AGAIN = "again"
    OTHERWISE = "otherwise"
    DROPPED = "dropped"


class Remedy(Model):
    """One refund that failed, and what took its place; once and no more."""

    __tablename__ = "refund_remedy"
    __table_args__ = (
        CheckConstraint("how IN ('again', 'otherwise', 'dropped')", name="how_known"),
        CheckConstraint("how = 'dropped' OR in_place_id IS NOT NULL", name="in_place_named"),
    )

    refund_id: Mapped[int] = mapped_column(
        ForeignKey("refund.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    how: Mapped[str] = mapped_column(String(10))
    in_place_id: Mapped[int | None] = mapped_column(
        ForeignKey("refund.id", ondelete="RESTRICT"), unique=True
    )
    """The refund that was given in its place."""
    note: Mapped[str] = mapped_column(String(400), default="")
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
