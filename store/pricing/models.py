"""Where staff say what shipping costs; without rows the prices that ship with the store apply."""

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
    position: Mapped[int] = mapped_column(default=0)

    rates: Mapped[list["ShippingRate"]] = relationship(
        order_by="ShippingRate.position, ShippingRate.id",
        back_populates="zone",
        cascade="all, delete-orphan",
    )


class ShippingRate(Model):
    """One way to send a parcel into a zone, at a flat price; days are working days."""

    __tablename__ = "shipping_rate"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("free_over_minor >= 0", name="free_over_not_negative"),
        CheckConstraint("min_days >= 0 AND max_days >= min_days", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(
        ForeignKey("shipping_zone.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120))
    price_minor: Mapped[int]
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
