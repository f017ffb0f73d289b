"""What one reader means to buy, behind a token of which only the hash is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from store.catalog.models import Variant
from store.database import Model
from store.money import Money


class Cart(Model):
    __tablename__ = "cart"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    destination: Mapped[str] = mapped_column(String(2))
    """The country that shipping is reckoned for, ISO 3166-1 alpha-2."""
    region: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """Its state, where the reader was asked for it."""
    postcode: Mapped[str] = mapped_column(String(20), default="", server_default="")
    shipping_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """The way to send it that the reader picked; empty for the first there is."""
    discount_code: Mapped[str] = mapped_column(String(60), default="")
    discount_email: Mapped[str] = mapped_column(String(320), default="", server_default="")
    """Whose code it is, where a code counts by address; the pay page takes the same one."""
    is_gift: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")
    """Words for whoever packs the order, or for the person who is given it."""
    article: Mapped[str] = mapped_column(String(500), default="", index=True)
    """The story that led here last, in its address's normal form; empty without one."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    lines: Mapped[list["CartLine"]] = relationship(
        order_by="CartLine.id", back_populates="cart", cascade="all, delete-orphan"
    )


class CartLine(Model):
    __tablename__ = "cart_line"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("chosen_minor > 0", name="chosen_positive"),
        # An id is never used again: a second tab must not change what took a removed line's place.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variant.id", ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int]
    seen_price_minor: Mapped[int]
    seen_currency: Mapped[str] = mapped_column(String(3))
    added_at: Mapped[datetime]
    chosen_minor: Mapped[int | None]
    """What its reader chose to pay for each, where the price is hers to choose."""

    seen_price: Mapped[Money] = composite("seen_price_minor", "seen_currency")
    """What the reader was shown last; the cart says "was/now" when it changed."""

    cart: Mapped[Cart] = relationship(back_populates="lines")
    variant: Mapped[Variant] = relationship()
