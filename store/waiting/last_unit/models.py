"""Who stands at a place in the queue for a last unit: at most an address, and only till it ends."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class QueueReader(Model):
    __tablename__ = "queue_reader"
    __table_args__ = (
        # One place for each address; what has none is told apart by its cart.
        UniqueConstraint("variant_id", "email_hash"),
        Index("ix_queue_reader_email_hash", "email_hash"),
    )

    place_id: Mapped[int] = mapped_column(
        ForeignKey("queue_place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320), default="")
    """Empty where she only looks, and once she was told how it ended."""
    email_hash: Mapped[str | None] = mapped_column(String(64))
    secret: Mapped[str] = mapped_column(String(64))
    """Random; the links in the mails about this place are signed with it."""
    network: Mapped[str] = mapped_column(String(64), default="")
    """Keyed hash of the shortened network address: places are limited by it."""
