"""What was sold before it was here: one row an order line, with the day that was promised."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class SoldAhead(Model):
    __tablename__ = "sold_ahead"
    __table_args__ = (CheckConstraint("units > 0", name="units_positive"),)

    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="CASCADE"), primary_key=True
    )
    variant_id: Mapped[int | None] = mapped_column(
        ForeignKey("variant.id", ondelete="SET NULL"), index=True
    )
    units: Mapped[int]
    """How many were not on the shelf when the order was placed."""
    promised_on: Mapped[date | None]
    """What the page said when it was ordered: a snapshot, as the line is."""
    told_on: Mapped[date | None]
    """What its reader was told last."""
    is_put_off: Mapped[bool] = mapped_column(default=False)
    """Whether she was told of a later day than was promised: then she may call it off."""
    told_at: Mapped[datetime | None]
