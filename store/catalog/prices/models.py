"""Prices that hold for a time, and what each variant cost by itself since we know it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from store.catalog.models import Variant
from store.database import Model
from store.money import Money


class PriceChange(Model):
    """What a variant costs from a moment on, until another or for good; none overlaps another.

    What has begun is never rewritten: ended early, it keeps the time for which it held.
    """

    __tablename__ = "price_change"
    __table_args__ = (
        UniqueConstraint("variant_id", "starts_at"),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("compare_at_minor > price_minor", name="compare_at_above_price"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    compare_at_minor: Mapped[int | None]
    is_sale: Mapped[bool]
    """Whether the variant's own price is struck through beside it while it holds."""
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]

    price: Mapped[Money] = composite("price_minor", "currency")
    variant: Mapped[Variant] = relationship()

    @property
    def compare_at(self) -> Money | None:
        if self.compare_at_minor is None:
            return None
        return Money(self.compare_at_minor, self.currency)


class PriceEntry(Model):
    """What a variant cost by itself from a moment on; rows are added and never changed."""

    __tablename__ = "price_entry"
    __table_args__ = (Index("ix_price_entry_variant_id_at", "variant_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    is_reduced: Mapped[bool]
    """Whether a higher price stood struck through beside it."""

    price: Mapped[Money] = composite("price_minor", "currency")
    variant: Mapped[Variant] = relationship()
