"""Mail as rows: written with the change that causes it, sent later, never lost."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model

WAS_REFUSED = "refused_at IS NOT NULL"
"""The index and whoever asks say it in the same words: by them databases know that it fits."""


class Message(Model):
    """One mail, rendered when it was caused; sent_at is empty until the outside has taken it."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_created_at", "created_at"),
        Index("ix_message_message_id", "message_id"),
        Index(
            "ix_message_refused_at",
            "refused_at",
            sqlite_where=text(WAS_REFUSED),
            postgresql_where=text(WAS_REFUSED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    """Such as order:GN-7K3Q-F2XW:confirmed: one cause writes one mail, however often it runs."""
    kind: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(320))
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(255))
    """Stays the same over all tries, so that a mailbox can drop what it was given twice."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    """Set when the outside said no for good; staff see these."""
    refusal: Mapped[str] = mapped_column(String(400), default="")


class MessageAttachment(Model):
    """A file that goes with a mail; it leaves with the mail's text when that is forgotten."""

    __tablename__ = "message_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MailRecipient(Model):
    """Somebody of the house who wants every mail of a kind."""

    __tablename__ = "mail_recipient"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    """As messages are told apart, such as orders.new."""
    address: Mapped[str] = mapped_column(String(320), primary_key=True)


class Letterhead(Model):
    """One row: what staff say of the brand; what they leave out is as the environment says."""

    __tablename__ = "letterhead"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """By the names of settings without brand_, such as name or tagline; none is empty."""
    changed_at: Mapped[datetime]


class MailWording(Model):
    """What staff say in a mail to readers in place of the words that ship with it."""

    __tablename__ = "mail_wording"

    template: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Such as orders/confirmed."""
    subject: Mapped[str] = mapped_column(String(200))
    opening: Mapped[str] = mapped_column(Text)
    closing: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
