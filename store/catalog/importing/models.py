"""A file on its way into the shop: what it would do, what it did, and what it was before."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class ImportState(StrEnum):
    """Where an import stands; a worker does what ends in -ing."""

    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


STATES = ", ".join(f"'{state}'" for state in ImportState)


class ProductImport(Model):
    """One file that staff uploaded."""

    __tablename__ = "product_import"
    __table_args__ = (CheckConstraint(f"state IN ({STATES})", name="state_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Emptied when it is done or discarded."""
    state: Mapped[str] = mapped_column(String(12))
    fault: Mapped[str] = mapped_column(String(2000), default="")
    actor: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    format: Mapped[str] = mapped_column(String(200), default="")
    total: Mapped[int] = mapped_column(default=0)
    """Products that change."""
    written: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    remarks: Mapped[list[str]] = mapped_column(JSON, default=list)
    wants_pictures: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a worker fetches the pictures that the file names, once it is written."""


class RowKind(StrEnum):
    CHANGE = "change"
    WARNING = "warning"
    REFUSAL = "refusal"


class ImportRow(Model):
    """One product that changes, or one thing to say of one line."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_import_id_kind_id", "import_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("product_import.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    line: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000), default="")
    handle: Mapped[str] = mapped_column(String(255), default="")
    title: Mapped[str] = mapped_column(String(255), default="")
    is_new: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The difference in words: fields, prices, stock."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Whole drafts, written with the product; both empty until then."""
    is_written: Mapped[bool] = mapped_column(default=False)
    is_undone: Mapped[bool] = mapped_column(default=False)
    conflict: Mapped[str] = mapped_column(String(400), default="")
    """Why this product was not put back."""


class PictureFault(Model):
    """Why a picture could not be fetched of which only the address is known."""

    __tablename__ = "picture_fault"

    image_id: Mapped[int] = mapped_column(
        ForeignKey("image.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
