"""Where staff say what shipping and tax cost; without rows what ships with the store applies."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model
from store.money import Money


class ShippingZone(Model):
    """Countries that cost the same to send to; "*" stands for all that no zone names."""

    __tablename__ = "shipping_zone"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    countries: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """States or postcodes of the one country; empty means all of each."""
    position: Mapped[int] = mapped_column(default=0)

    rates: Mapped[list["ShippingRate"]] = relationship(
        order_by="ShippingRate.position, ShippingRate.id",
        back_populates="zone",
        cascade="all, delete-orphan",
    )


class ShippingRate(Model):
    """One way to get a parcel into a zone, or to hand it over there; days are working days."""

    __tablename__ = "shipping_rate"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("free_over_minor >= 0", name="free_over_not_negative"),
        CheckConstraint("kind IN ('flat', 'weight', 'value', 'pickup')", name="kind_known"),
        CheckConstraint("min_days >= 0 AND max_days >= min_days", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(
        ForeignKey("shipping_zone.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12), default="flat", server_default="flat")
    steps: Mapped[list[list[int | None]]] = mapped_column(JSON, default=list, server_default="[]")
    """Pairs of an upper bound, in grams or minor units, and a price; no bound is for the rest."""
    pickup_address: Mapped[str] = mapped_column(String(300), default="", server_default="")
    pickup_hours: Mapped[str] = mapped_column(String(300), default="", server_default="")
    price_minor: Mapped[int]
    """The price of a flat rate; zero where steps say it, or where nothing is sent."""
    currency: Mapped[str] = mapped_column(String(3))
    free_over_minor: Mapped[int | None]
    min_days: Mapped[int]
    max_days: Mapped[int]

    zone: Mapped[ShippingZone] = relationship(back_populates="rates")

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def free_over(self) -> Money | None:
        return None if self.free_over_minor is None else Money(self.free_over_minor, self.currency)


class TaxTerms(Model):
    """How the shop reckons tax, as staff wrote it; there is one row or none."""

    __tablename__ = "tax_terms"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
