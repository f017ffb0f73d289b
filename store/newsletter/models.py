"""Who gets the newsletter, on what consent, and whose address is never written to again."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model
from store.newsletter.topics import EVERYTHING


class SubscriberState(StrEnum):
    """Where an address stands: only a confirmed one is ever sent a campaign."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"


class Subscriber(Model):
    __tablename__ = "subscriber"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'confirmed', 'left')", name="state_known"),
        Index("ix_subscriber_state_asked_at", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Folded to lower case: one person, one row."""
    secret: Mapped[str] = mapped_column(String(64))
    """Random; the tokens in this person's mails are signed with it, so that they can be revoked."""
    state: Mapped[str] = mapped_column(String(12), default=SubscriberState.PENDING)
    locale: Mapped[str] = mapped_column(String(12), default="en")
    topics: Mapped[list[str]] = mapped_column(JSON, default=lambda: list(EVERYTHING))
    """Which of newsletter.topics she wants; none is as good as having left."""
    source: Mapped[str] = mapped_column(String(20))
    """Where it was asked for: page, footer, widget or fragment."""
    section: Mapped[str] = mapped_column(String(120), default="")
    """The section of the story under which it was asked for, where it was one."""
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    """Until then she is on the list and is not written to."""
    updated_at: Mapped[datetime]


class ConsentKind(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    LEFT = "left"
    DISOWNED = "disowned"
    """"This was not me": somebody else had typed the address."""
    EXPIRED = "expired"
    ERASED = "erased"
    TOPICS = "topics"
    """Chose other topics by her own link."""
    PAUSED = "paused"
    RESUMED = "resumed"
    IMPORTED = "imported"
    """Came with a list that staff brought in, and was asked by mail."""
    SUPPRESSED = "suppressed"
    """Staff saw to it that the address is never written to again."""
    COMPLAINED = "complained"
    """Called a mail spam: taken off the list, and not asked again."""


class Purpose(StrEnum):
    """What a person agreed to; one consent is none for the other."""

    NEWSLETTER = "newsletter"
    BACK_IN_STOCK = "back_in_stock"
    LAST_UNIT = "last_unit"
    LEFT_CART = "left_cart"


class ConsentWording(Model):
    """Words that somebody agreed to, as she read them; rows are only added."""

    __tablename__ = "consent_wording"

    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of version, locale and text: the same words are kept once."""
    version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    """When somebody first agreed to them."""


class ConsentEntry(Model):
    """One step of a person's consent; rows are only added, and outlive the address itself."""

    __tablename__ = "consent_entry"
    __table_args__ = (
        Index("ix_consent_entry_email_hash_at", "email_hash", "at"),
        Index("ix_consent_entry_purpose_at", "purpose", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscriber.id", ondelete="SET NULL"), index=True
    )
    email_hash: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the folded address: proves a consent without keeping the address."""
    purpose: Mapped[str] = mapped_column(
        String(20), default=Purpose.NEWSLETTER, server_default=Purpose.NEWSLETTER.value
    )
    kind: Mapped[str] = mapped_column(String(12))
    wording_version: Mapped[str] = mapped_column(String(20), default="")
    wording_hash: Mapped[str | None] = mapped_column(String(64))
    """Names the words themselves; none for steps that agree to nothing."""
    locale: Mapped[str] = mapped_column(String(12), default="")
    source: Mapped[str] = mapped_column(String(20), default="")
    page: Mapped[str] = mapped_column(String(500), default="")
    """The address of the page or story where the box stood; empty when it named none of ours."""
    network: Mapped[str] = mapped_column(String(64), default="")
    """The shortened network address: no single person's."""
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the step was about: topics, until when, where a list came from."""
    at: Mapped[datetime]


class SuppressionReason(StrEnum):
    DISOWNED = "disowned"
    """"This was not me": somebody else had typed the address."""
    ERASED = "erased"
    """Asked to be forgotten; her own new confirmation alone brings her back."""
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BY_HAND = "by_hand"


class Suppression(Model):
    """An address that is never written to again unless its owner asks: kept as a keyed hash."""

    __tablename__ = "suppression"
    __table_args__ = (Index("ix_suppression_reason_at", "reason", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(20))
    """One of SuppressionReason."""
    at: Mapped[datetime]


class SignupAttempt(Model):
    """One signup asked for on any route, whatever became of it; all limits count these rows."""

    __tablename__ = "signup_attempt"
    __table_args__ = (
        Index("ix_signup_attempt_network_at", "network", "at"),
        Index("ix_signup_attempt_domain_at", "domain", "at"),
        Index("ix_signup_attempt_email_hash_at", "email_hash", "at"),
        Index("ix_signup_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the asker's shortened network address."""
    domain: Mapped[str] = mapped_column(String(255))
    email_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
