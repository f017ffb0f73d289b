"""Gift cards with their ledger, what orders take from them, and to whom bought ones are sent."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model
from store.money import Money

WAITS_FOR_MAIL = "mail_due_at IS NOT NULL"
HAS_LEFT = "balance_minor > 0"
"""The indexes and whoever asks say it in the same words: by them databases know that it fits."""


class CardState(StrEnum):
    ACTIVE = "active"
    VOIDED = "voided"
    EXPIRED = "expired"


class GiftCard(Model):
    """Money that somebody may spend here: the ledger sums to the balance.

    Of the code only a keyed hash and the last four signs are kept; a card has none until it is
    mailed, and whoever has it mailed again gives it another one.
    """

    __tablename__ = "gift_card"
    __table_args__ = (
        UniqueConstraint("order_line_id", "unit"),
        CheckConstraint("value_minor > 0", name="value_positive"),
        CheckConstraint("balance_minor >= 0", name="balance_not_negative"),
        CheckConstraint("held_minor >= 0 AND held_minor <= balance_minor", name="held_within"),
        CheckConstraint("state IN ('active', 'voided', 'expired')", name="state_known"),
        Index("ix_gift_card_last_four", "last_four"),
        Index("ix_gift_card_recipient", "recipient"),
        # Reports tell what was sold of them by day.
        Index(
            "ix_gift_card_bought",
            "issued_at",
            "order_id",
            sqlite_where=text("order_id IS NOT NULL"),
            postgresql_where=text("order_id IS NOT NULL"),
        ),
        Index("ix_gift_card_state_expires_at", "state", "expires_at"),
        # What all cards are still good for is added up from the index alone.
        Index(
            "ix_gift_card_left",
            "id",
            "currency",
            "balance_minor",
            sqlite_where=text(HAS_LEFT),
            postgresql_where=text(HAS_LEFT),
        ),
        Index(
            "ix_gift_card_waits_for_mail",
            "mail_due_at",
            sqlite_where=text(WAITS_FOR_MAIL),
            postgresql_where=text(WAITS_FOR_MAIL),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4), default="")
    currency: Mapped[str] = mapped_column(String(3))
    value_minor: Mapped[int]
    """What it was issued with."""
    balance_minor: Mapped[int]
    held_minor: Mapped[int] = mapped_column(default=0)
    """How much of the balance open orders are about to spend."""
    state: Mapped[str] = mapped_column(String(10), default=CardState.ACTIVE)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("order.id", ondelete="RESTRICT"), index=True
    )
    """The order that bought it; None where staff issued it."""
    order_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("order_line.id", ondelete="RESTRICT")
    )
    unit: Mapped[int] = mapped_column(default=0)
    """Which unit of the line it is, from 1."""
    recipient: Mapped[str] = mapped_column(String(320), default="")
    """Where its code is mailed."""
    recipient_name: Mapped[str] = mapped_column(String(120), default="")
    giver: Mapped[str] = mapped_column(String(120), default="")
    message: Mapped[str] = mapped_column(String(500), default="")
    mail_due_at: Mapped[datetime | None]
    """From when on it is to be mailed; empty once it was."""
    mailed_at: Mapped[datetime | None]
    mailings: Mapped[int] = mapped_column(default=0)

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)

    @property
    def balance(self) -> Money:
        return Money(self.balance_minor, self.currency)

    @property
    def held(self) -> Money:
        return Money(self.held_minor, self.currency)

    @property
    def free(self) -> Money:
        """What can be spent now."""
        return self.balance - self.held

    def amount_of(self, entry: "GiftCardEntry") -> Money:
        return Money(entry.amount_minor, self.currency)

    def left_after(self, entry: "GiftCardEntry") -> Money:
        return Money(entry.balance_minor, self.currency)

    @property
    def last_moment(self) -> datetime | None:
        """The end of the last day on which it is good; None for ever."""
        return self.expires_at - timedelta(seconds=1) if self.expires_at else None

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was spent, and nobody is about to."""
        is_whole = self.balance_minor == self.value_minor and not self.held_minor
        return self.state == CardState.ACTIVE and is_whole


class EntryKind(StrEnum):
    """Why a balance changed: what comes in is above zero, what goes out below."""

    ISSUED = "issued"
    SPENT = "spent"
    GIVEN_BACK = "given_back"
    ADJUSTED = "adjusted"
    VOIDED = "voided"
    EXPIRED = "expired"
    REVIVED = "revived"


class GiftCardEntry(Model):
    """One step of a card's ledger; rows are only added."""

    __tablename__ = "gift_card_entry"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount_not_zero"),
        # Reports tell every step by its day.
        Index("ix_gift_card_entry_at", "at", "gift_card_id", "kind", "amount_minor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gift_card_id: Mapped[int] = mapped_column(
        ForeignKey("gift_card.id", ondelete="RESTRICT"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    amount_minor: Mapped[int]
    balance_minor: Mapped[int]
    """What was left after it."""
    order_id: Mapped[int | None] = mapped_column(
        ForeignKey("order.id", ondelete="RESTRICT"), index=True
    )
    actor: Mapped[str] = mapped_column(String(120), default="store")
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]


class UseState(StrEnum):
    """HELD while the order may be paid, SPENT once it is.

    LACKING is of an order that was paid after its part of the card had gone elsewhere.
    """

    HELD = "held"
    SPENT = "spent"
    LACKING = "lacking"
    RELEASED = "released"


class GiftCardUse(Model):
    """What one order takes from one card."""

    __tablename__ = "gift_card_use"
    __table_args__ = (
        UniqueConstraint("order_id", "gift_card_id"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gift_card_id: Mapped[int] = mapped_column(
        ForeignKey("gift_card.id", ondelete="RESTRICT"), index=True
    )
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"))
    holder: Mapped[int | None] = mapped_column(index=True)
    """The cart that it is held for: its own use does not stand in its way."""
    last_four: Mapped[str] = mapped_column(String(4))
    amount_minor: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=UseState.HELD)
    at: Mapped[datetime]


class CartGiftCard(Model):
    """A card whose code was typed into a cart; several are spent in the order of typing."""

    __tablename__ = "cart_gift_card"
    __table_args__ = (UniqueConstraint("cart_id", "gift_card_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"))
    gift_card_id: Mapped[int] = mapped_column(
        ForeignKey("gift_card.id", ondelete="CASCADE"), index=True
    )


class Addressed:
    """To whom one unit of a gift card goes, with which words, and when."""

    recipient: Mapped[str] = mapped_column(String(320))
    recipient_name: Mapped[str] = mapped_column(String(120), default="")
    giver: Mapped[str] = mapped_column(String(120), default="")
    message: Mapped[str] = mapped_column(String(500), default="")
    send_at: Mapped[datetime | None]
    """Not before then; None for as soon as it is paid."""


class CartGift(Addressed, Model):
    """One unit of a line of a cart that goes to somebody else than its buyer."""

    __tablename__ = "cart_gift"

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_line_id: Mapped[int] = mapped_column(
        ForeignKey("cart_line.id", ondelete="CASCADE"), index=True
    )


class OrderGift(Addressed, Model):
    """The same of a line of an order, until its card was issued."""

    __tablename__ = "order_gift"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("order_line.id", ondelete="CASCADE"), index=True
    )


class GiftCardProof(Model):
    """One night's proof of every balance against its ledger and its holds."""

    __tablename__ = "gift_card_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    differences: Mapped[int]
