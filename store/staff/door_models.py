"""What is kept of people at the door: how often they tried, and forms that wait for them.

Apart from the other tables, because workers sweep these and need not know how staff sign in.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class Purpose(StrEnum):
    """What was tried; each has limits of its own."""

    GUESS = "guess"
    """A password at the door; anybody may try one, with anybody's address."""
    PROOF = "proof"
    """A code, or the password once more: from somebody who is known already. Counted apart, or
    strangers at the door could keep somebody inside from proving who she is."""
    LINK = "link"
    """A link to choose a new password by."""
    INVITATION = "invitation"


class SignInAttempt(Model):
    """One try that did not succeed, or not yet; all limits at the door count these rows."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_purpose_email_hash_at", "purpose", "email_hash", "at"),
        Index("ix_sign_in_attempt_purpose_network_at", "purpose", "network", "at"),
        Index("ix_sign_in_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12))
    email_hash: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the address that was tried, whether or not anybody has it."""
    network: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the shortened network address; empty where that would be everybody."""
    at: Mapped[datetime]


class ParkedForm(Model):
    """A form that was sent when its sender could not be let through; it waits for an hour."""

    __tablename__ = "parked_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """The token itself stands in the session of the browser that sent it, and nowhere else."""
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id", ondelete="CASCADE"), index=True
    )
    """Who sent it, where that was still known: nobody else is shown it."""
    network: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(2000))
    fields: Mapped[list[list[str]]] = mapped_column(JSON())
    """Pairs of name and value, in their order."""
    files: Mapped[list[str]] = mapped_column(JSON())
    """Names of files that came with it; they are not kept."""
    at: Mapped[datetime] = mapped_column(index=True)
