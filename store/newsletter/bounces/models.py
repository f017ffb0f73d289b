"""What came back, once each; and what keeps a webhook from being believed twice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class ReportKind(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    UNCLEAR = "unclear"
    """Somebody has to read it; nothing follows from it by itself."""


class MailReport(Model):
    """One thing that came back; the row makes sure that it changes something once only."""

    __tablename__ = "mail_report"
    __table_args__ = (
        CheckConstraint("kind IN ('hard', 'soft', 'complaint', 'unclear')", name="kind_known"),
        UniqueConstraint("provider", "event_id"),
        Index("ix_mail_report_email_hash_kind_at", "email_hash", "kind", "at"),
        Index("ix_mail_report_kind_id", "kind", "id"),
        Index("ix_mail_report_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(String(64))
    """Hash of what the provider calls it."""
    kind: Mapped[str] = mapped_column(String(12))
    email_hash: Mapped[str] = mapped_column(String(64), default="")
    """Keyed hash of the folded address; empty where it is not known whose it was."""
    message_id: Mapped[str] = mapped_column(String(255), default="")
    diagnostic: Mapped[str] = mapped_column(String(400), default="")
    """What the outside said, without the address; of what is unclear, why it is."""
    excerpt: Mapped[str] = mapped_column(Text, default="")
    """How the text of what is unclear begins; forgotten long before the row."""
    counts: Mapped[bool] = mapped_column(default=True)
    """No longer once staff have lifted the suppression that it led to."""
    at: Mapped[datetime]
    received_at: Mapped[datetime]


class WebhookToken(Model):
    """A token that a provider signed once; whoever comes with it again is not believed."""

    __tablename__ = "webhook_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of the provider's name and the token."""
    at: Mapped[datetime] = mapped_column(index=True)


class SigningCertificate(Model):
    """A certificate that was fetched from a provider; its address names its very content."""

    __tablename__ = "signing_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(255), unique=True)
    pem: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime]
