"""Where staff say what shipping and tax cost and what is given off; and each use of a discount.

Without rows of rates and of tax what ships with the store applies.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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


class Scope(StrEnum):
    """What a discount is for; the ids of the others stand beside it."""

    ALL = "all"
    COLLECTIONS = "collections"
    PRODUCTS = "products"


class Discount(Model):
    """What is given off, to whoever types its code or to everybody, from when until when."""

    __tablename__ = "discount"
    __table_args__ = (
        CheckConstraint("(kind = 'percent') = (basis_points IS NOT NULL)", name="percent_of_kind"),
        CheckConstraint("(kind = 'amount') = (amount_minor IS NOT NULL)", name="amount_of_kind"),
        CheckConstraint("basis_points BETWEEN 1 AND 10000", name="percent_within_whole"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("minimum_minor > 0", name="minimum_positive"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("most_in_all > 0", name="most_in_all_positive"),
        CheckConstraint("most_per_reader > 0", name="most_per_reader_positive"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("taken <= most_in_all", name="taken_within_limit"),
        CheckConstraint(
            "most_per_reader IS NULL OR code_key IS NOT NULL", name="reader_limit_needs_code"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    """What receipts and the pay page call it; Stripe takes no longer names of coupons."""
    code: Mapped[str] = mapped_column(String(40), default="")
    """As it was written; empty where it needs none."""
    code_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    """The code as it is compared: readers may type it in any case."""
    kind: Mapped[str] = mapped_column(String(16))
    basis_points: Mapped[int | None]
    amount_minor: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    minimum_minor: Mapped[int | None]
    scope: Mapped[str] = mapped_column(String(12), default=Scope.ALL)
    target_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    combines: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    most_in_all: Mapped[int | None]
    most_per_reader: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    """Orders that have it: paid, or about to be."""
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def amount(self) -> Money | None:
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    @property
    def minimum(self) -> Money | None:
        return None if self.minimum_minor is None else Money(self.minimum_minor, self.currency)


class RedemptionState(StrEnum):
    """HELD while the order may be paid, KEPT once it is; only these two count.

    BEYOND is of an order that was paid after its use had gone to somebody else.
    """

    HELD = "held"
    KEPT = "kept"
    BEYOND = "beyond"
    RETURNED = "returned"


COUNTING = (RedemptionState.HELD, RedemptionState.KEPT)


class Redemption(Model):
    """One use of a discount by one order, and what the discount was called and gave then."""

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("order_id", "discount_id"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_redemption_discount_id_reader", "discount_id", "reader"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    discount_id: Mapped[int] = mapped_column(ForeignKey("discount.id", ondelete="RESTRICT"))
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"))
    holder: Mapped[int | None] = mapped_column(index=True)
    """The cart that it is held for: its own use does not stand in its way."""
    reader: Mapped[str] = mapped_column(String(64), default="")
    """Keyed hash of the e-mail address, where the discount counts by it."""
    name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40), default="")
    is_shipping: Mapped[bool] = mapped_column(default=False)
    """Whether it took off what the parcel costs, and not a part of the goods."""
    amount_minor: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=RedemptionState.HELD)
    at: Mapped[datetime]


class TaxTerms(Model):
    """How the shop reckons tax, as staff wrote it; there is one row or none."""

    __tablename__ = "tax_terms"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
