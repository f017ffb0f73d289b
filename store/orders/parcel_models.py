"""The parcels of orders, and the files of tracking numbers that carriers hand out."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model

if TYPE_CHECKING:
    from store.orders.models import Order, OrderLine


class Fulfilment(Model):
    """One parcel."""

    __tablename__ = "fulfilment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    carrier: Mapped[str] = mapped_column(String(80), default="")
    tracking_number: Mapped[str] = mapped_column(String(120), default="")
    sent_to: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """Name and address on its label; empty for parcels that left before this was written down."""
    shipped_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]

    order: Mapped["Order"] = relationship(back_populates="fulfilments")
    lines: Mapped[list["FulfilmentLine"]] = relationship(cascade="all, delete-orphan")


class FulfilmentLine(Model):
    __tablename__ = "fulfilment_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    fulfilment_id: Mapped[int] = mapped_column(
        ForeignKey("fulfilment.id", ondelete="CASCADE"), primary_key=True
    )
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    quantity: Mapped[int]

    line: Mapped["OrderLine"] = relationship()


class TrackingList(Model):
    """Tracking numbers as somebody uploaded them, until she confirms them or a day has passed."""

    __tablename__ = "tracking_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_by: Mapped[int]
    """The id of whoever works here; nobody else sees it."""
    rows: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """Line, number, tracking, carrier and fault of each row."""
    at: Mapped[datetime] = mapped_column(index=True)
