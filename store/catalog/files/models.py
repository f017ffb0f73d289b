"""Files that buyers of a variant download; their bytes lie under their hash, out of reach."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class ProductFile(Model):
    """One file of a variant. A new edition takes the place of the bytes, and buyers get the newest.

    It outlives its variant and its removal: whoever bought it may still fetch it.
    """

    __tablename__ = "product_file"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size_positive"),
        CheckConstraint("edition > 0", name="edition_positive"),
        Index("ix_product_file_variant_id_position", "variant_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variant.id", ondelete="SET NULL"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    """What it is called on a buyer's disk, with the ending of its kind."""
    kind: Mapped[str] = mapped_column(String(8))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of its bytes."""
    edition: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When this edition came."""
    removed_at: Mapped[datetime | None]
    """Since when nobody new gets it."""
