"""What buyers may download, how often and until when, and each time that they did."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.catalog.files.models import ProductFile
from store.database import Model
from store.orders.models import OrderLine


class Download(Model):
    """One file that a line of an order paid for."""

    __tablename__ = "download"
    __table_args__ = (
        UniqueConstraint("order_line_id", "file_id"),
        CheckConstraint("used >= 0 AND used <= allowed", name="used_within_allowed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="RESTRICT"))
    file_id: Mapped[int] = mapped_column(
        ForeignKey("product_file.id", ondelete="RESTRICT"), index=True
    )
    allowed: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    given_at: Mapped[datetime]

    line: Mapped[OrderLine] = relationship()
    file: Mapped[ProductFile] = relationship()


class DownloadTaking(Model):
    """One press of the button: a link for a while, however often and in what parts it is read."""

    __tablename__ = "download_taking"

    download_id: Mapped[int] = mapped_column(
        ForeignKey("download.id", ondelete="CASCADE"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    """The first, the second, the third …"""
    edition: Mapped[int]
    at: Mapped[datetime]
