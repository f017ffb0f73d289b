"""Who asked for her own data, and which orders lose their names once nothing needs them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class DataRequest(Model):
    """One link to what is kept of an address; forgotten a day after it was mailed."""

    __tablename__ = "data_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    """As mailboxes know it; empty once it was erased."""
    secret: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]


class OrderErasure(Model):
    """An order whose reader asked to be forgotten while its names were still needed."""

    __tablename__ = "order_erasure"

    order_id: Mapped[int] = mapped_column(
        ForeignKey("order.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime]
