"""Work to do after a commit, as rows; and leases, so that one of many workers runs each sweep."""

from datetime import datetime

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model

HAS_FAILED = "failed_at IS NOT NULL"
"""The index and whoever asks say it in the same words: by them databases know that it fits."""


class OutboxRow(Model):
    """One job, written in the transaction that causes it; done when done_at is set."""

    __tablename__ = "outbox_row"
    __table_args__ = (
        Index("ix_outbox_row_done_at_due_at", "done_at", "due_at"),
        Index(
            "ix_outbox_row_failed_at",
            "failed_at",
            sqlite_where=text(HAS_FAILED),
            postgresql_where=text(HAS_FAILED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, object]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    """Set when the last attempt is used up; staff see these."""
    error: Mapped[str] = mapped_column(Text, default="")
    caused_by: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """The span of whoever enqueued it, as W3C writes one; empty where nobody follows."""


class Lease(Model):
    """Who runs a named sweep, and until when."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80), default="")
    until: Mapped[datetime]
