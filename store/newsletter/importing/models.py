"""Lists of addresses that staff bring in: on whose word, and which of them wait to be asked."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class ImportState(StrEnum):
    READ = "read"
    """Somebody looks at what it would do; nobody is asked anything yet."""
    ASKING = "asking"
    DONE = "done"
    STOPPED = "stopped"


class SubscriberImport(Model):
    """One list: where and when its people agreed, as staff state it, and what became of it."""

    __tablename__ = "subscriber_import"
    __table_args__ = (
        CheckConstraint("state IN ('read', 'asking', 'done', 'stopped')", name="state_known"),
        Index("ix_subscriber_import_state_read_at", "state", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=ImportState.READ)
    made_by: Mapped[str] = mapped_column(String(120))
    """Who stated it, by the name of then."""
    agreed_where: Mapped[str] = mapped_column(String(300))
    agreed_on: Mapped[date]
    topics: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int]
    """Lines with anything on them, less the head."""
    known: Mapped[int] = mapped_column(default=0)
    kept_out: Mapped[int] = mapped_column(default=0)
    """Suppressed or erased, or asked as often as anybody is: a number, never which."""
    asked: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[list[int | str]]] = mapped_column(JSON, default=list)
    """Line and what is wrong with it, without what stood there."""
    read_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ImportedAddress(Model):
    """An address of a list that nobody has asked yet; the row goes when somebody has."""

    __tablename__ = "imported_address"
    __table_args__ = (
        UniqueConstraint("import_id", "email_hash"),
        Index("ix_imported_address_import_id_due_at", "import_id", "due_at"),
        Index("ix_imported_address_email_hash", "email_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("subscriber_import.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    """Folded to lower case."""
    email_hash: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
