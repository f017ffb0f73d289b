"""What was bought: snapshots that never change, the money that moved, and the timeline."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model
from store.gift_cards.models import GiftCardUse
from store.money import Money
from store.orders.parcel_models import Fulfilment, FulfilmentLine, TrackingList
from store.orders.payment_models import (
    IS_LOST,
    IS_UNDER_WAY,
    Payment,
    Refund,
    RefundLine,
    RefundStatus,
)
from store.pricing.models import Redemption

__all__ = [
    "HAS_UNITS_LEFT",
    "IS_LOST",
    "IS_SHORT",
    "IS_UNDER_WAY",
    "OPEN_STATES",
    "Fulfilment",
    "FulfilmentLine",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderLookup",
    "OrderState",
    "Payment",
    "Readdressing",
    "Refund",
    "RefundLine",
    "RefundStatus",
    "StripeEvent",
    "TrackingList",
]


class OrderState(StrEnum):
    """Where an order stands; store.orders.lifecycle says which may follow which."""

    PENDING = "pending"
    UNKNOWN = "unknown"
    AWAITING = "awaiting"
    PAID = "paid"
    PARKED = "parked"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


OPEN_STATES = (OrderState.PENDING, OrderState.UNKNOWN, OrderState.AWAITING)
"""States in which money may still come and stock is kept for it."""
_IS_OPEN = text("state IN ('pending', 'unknown', 'awaiting')")
IS_SHORT = "shortage > 0"
"""The index and whoever asks say it in the same words: by them databases know that it fits."""
HAS_UNITS_LEFT = "requires_shipping AND quantity - shipped - cancelled > 0"


class Order(Model):
    __tablename__ = "order"
    __table_args__ = (
        CheckConstraint(
            "subtotal_minor - discount_minor + shipping_minor"
            " + CASE WHEN tax_included THEN 0 ELSE tax_minor END = total_minor",
            name="total_adds_up",
        ),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        Index("ix_order_state_expires_at", "state", "expires_at"),
        Index("ix_order_placed_at", "placed_at"),
        Index("ix_order_state_placed_at_id", "state", "placed_at", "id"),
        Index("ix_order_article", "article"),
        # Whoever looks for orders by address folds it first.
        Index("ix_order_email_folded", text("lower(email)")),
        Index("ix_order_paid_at_currency", "paid_at", "currency"),
        Index(
            "uq_order_cart_id_open",
            "cart_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    """Random; the key in the order's link is derived from it, so that a link can be revoked."""
    state: Mapped[str] = mapped_column(String(12), default=OrderState.PENDING)
    parked_reason: Mapped[str] = mapped_column(String(400), default="")

    currency: Mapped[str] = mapped_column(String(3))
    subtotal_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(default=0)
    shipping_minor: Mapped[int]
    tax_minor: Mapped[int]
    tax_included: Mapped[bool] = mapped_column(default=True)
    total_minor: Mapped[int]

    email: Mapped[str] = mapped_column(String(320), default="", index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """line1, line2, city, state, postal_code, country, as given on the pay page."""
    destination: Mapped[str] = mapped_column(String(2))
    """The country that shipping was reckoned for."""
    countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Where this shipping price holds; the pay page offers these countries and no other."""
    region: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """The state that shipping and tax were reckoned for, where the country's states differ."""
    postcode: Mapped[str] = mapped_column(String(20), default="", server_default="")
    areas: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """What the parts of the destination's country cost; empty where all of it costs the same."""
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """The ways to send it that the pay page offers, each with what the order then comes to."""
    shipping_name: Mapped[str] = mapped_column(String(120), default="")
    shipping_kind: Mapped[str] = mapped_column(String(12), default="post", server_default="post")
    """post, pickup or none."""
    pickup: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """Address and opening words of where it is picked up."""
    ready_at: Mapped[datetime | None]
    """When it lay ready to be picked up."""
    tax_lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """One for each rate: name, rate in millionths, base and tax in minor units."""
    tax_source: Mapped[str] = mapped_column(String(12), default="store", server_default="store")
    """Who reckons the tax: the store, or Stripe, whose figures come when it is paid."""
    is_gift: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")
    article: Mapped[str] = mapped_column(String(500), default="")
    """The story that led to it, in its address's normal form; empty without one."""

    cart_id: Mapped[int | None] = mapped_column(
        ForeignKey("cart.id", ondelete="SET NULL"), index=True
    )
    cart_fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """Hash of what was in the cart: the same contents get the same pay page again."""
    network: Mapped[str] = mapped_column(String(64), default="", index=True)
    """Keyed hash of the buyer's shortened network address: holds are limited by it."""

    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    session_url: Mapped[str] = mapped_column(Text, default="")
    intent_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(255), unique=True)
    session_request: Mapped[dict[str, object]] = mapped_column(JSON)
    """The exact parameters, so that a retry repeats the same request; {} where nobody is asked."""
    coupon_request: Mapped[dict[str, object]] = mapped_column(
        JSON, default=dict, server_default="{}"
    )
    """The coupon that the pay page takes, made before it; {} where nothing comes off the goods."""
    presentment: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)

    placed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """When the hold ends; later than the end of the session."""
    paid_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.position", back_populates="order"
    )
    events: Mapped[list["OrderEvent"]] = relationship(
        order_by="OrderEvent.id", back_populates="order"
    )
    payments: Mapped[list[Payment]] = relationship(order_by="Payment.id", back_populates="order")
    refunds: Mapped[list[Refund]] = relationship(order_by="Refund.id", back_populates="order")
    fulfilments: Mapped[list[Fulfilment]] = relationship(
        order_by="Fulfilment.id", back_populates="order"
    )
    readdressings: Mapped[list["Readdressing"]] = relationship(order_by="Readdressing.id")
    redemptions: Mapped[list[Redemption]] = relationship(order_by=Redemption.id)
    """Each discount by the name that it had, and what it gave."""
    card_uses: Mapped[list[GiftCardUse]] = relationship(order_by=GiftCardUse.id)
    """What gift cards pay of the total."""

    @property
    def subtotal(self) -> Money:
        return Money(self.subtotal_minor, self.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.currency)

    @property
    def shipping(self) -> Money:
        return Money(self.shipping_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def on_cards_minor(self) -> int:
        """What of the total gift cards pay."""
        return sum(use.amount_minor for use in self.card_uses)

    @property
    def charged_minor(self) -> int:
        """What is left for the payment service to charge."""
        return self.total_minor - self.on_cards_minor

    @property
    def shipping_tax_minor(self) -> int:
        """What of the tax is not on goods."""
        return self.tax_minor - sum(line.tax_minor for line in self.lines)

    @property
    def shipping_paid_minor(self) -> int:
        """What sending it cost the reader: tax on top is part of it."""
        return self.shipping_minor + (0 if self.tax_included else self.shipping_tax_minor)

    @property
    def is_picked_up(self) -> bool:
        return self.shipping_kind == "pickup"


class Readdressing(Model):
    """One edit of where an order goes: the newest counts, and the order's own snapshot stays."""

    __tablename__ = "order_readdressing"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[dict[str, str]] = mapped_column(JSON)
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class OrderLine(Model):
    """A snapshot: what the thing was called and cost when it was bought."""

    __tablename__ = "order_line"
    __table_args__ = (
        Index(
            "ix_order_line_left",
            "order_id",
            sqlite_where=text(HAS_UNITS_LEFT),
            postgresql_where=text(HAS_UNITS_LEFT),
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint(
            "unit_price_minor * quantity - discount_minor = total_minor", name="total_adds_up"
        ),
        CheckConstraint(
            "shipped >= 0 AND cancelled >= 0 AND shipped + cancelled <= quantity",
            name="shipped_and_cancelled_within_ordered",
        ),
        CheckConstraint("coming_back >= 0 AND coming_back <= shipped", name="coming_back_within"),
        Index(
            "ix_order_line_short",
            "order_id",
            sqlite_where=text(IS_SHORT),
            postgresql_where=text(IS_SHORT),
        ),
        # Reports add up tens of thousands of lines: the index holds all that they add.
        Index("ix_order_line_order_id_sold", "order_id", "variant_id", "quantity", "total_minor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"))
    position: Mapped[int]
    variant_id: Mapped[int | None] = mapped_column(
        ForeignKey("variant.id", ondelete="SET NULL"), index=True
    )
    product_handle: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(255))
    combination: Mapped[str] = mapped_column(String(800), default="")
    sku: Mapped[str] = mapped_column(String(120), default="")
    picture_hash: Mapped[str] = mapped_column(String(64), default="")
    requires_shipping: Mapped[bool] = mapped_column(default=True)
    quantity: Mapped[int]
    unit_price_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(default=0)
    tax_minor: Mapped[int] = mapped_column(default=0)
    tax_name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    tax_millionths: Mapped[int] = mapped_column(default=0, server_default="0")
    """The rate: 10 % is 100,000."""
    is_gift_card: Mapped[bool] = mapped_column(default=False, server_default=false())
    total_minor: Mapped[int]
    shortage: Mapped[int] = mapped_column(default=0)
    """Units paid for that could not be taken from the shelf; staff decide."""
    shipped: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    """Units paid for that will not be sent, because their money went back."""
    coming_back: Mapped[int] = mapped_column(default=0, server_default="0")
    """Units that a return names, unless it was declined or withdrawn."""

    order: Mapped[Order] = relationship(back_populates="lines")

    @property
    def called(self) -> str:
        """What it is called where there is one line of text for it."""
        return f"{self.title} ({self.combination})" if self.combination else self.title

    @property
    def unit_price(self) -> Money:
        return Money(self.unit_price_minor, self.order.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.order.currency)

    @property
    def paid_minor(self) -> int:
        """What all its units cost the reader: tax on top is part of it."""
        return self.total_minor + (0 if self.order.tax_included else self.tax_minor)

    @property
    def left_to_ship(self) -> int:
        return self.quantity - self.shipped - self.cancelled if self.requires_shipping else 0


class OrderEvent(Model):
    """One step on the timeline, in the words of the lifecycle; rows are only added."""

    __tablename__ = "order_event"
    __table_args__ = (Index("ix_order_event_at_order_id", "at", "order_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80), default="store")
    detail: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]

    order: Mapped[Order] = relationship(back_populates="events")


class StripeEvent(Model):
    """The inbox: a verified event is stored once, then run until it is done."""

    __tablename__ = "stripe_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(80))
    api_version: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class OrderLookup(Model):
    """One question for the link of an order, hit or miss; mails and guesses are limited by it."""

    __tablename__ = "order_lookup"
    __table_args__ = (
        Index("ix_order_lookup_email_hash_at", "email_hash", "at"),
        Index("ix_order_lookup_network_at", "network", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
