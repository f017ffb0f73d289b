"""The papers of an order for the tax office and the reader, and the numbers that they take."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model
from store.money import Money

IS_INVOICE = "kind = 'invoice'"


class PaperKind(StrEnum):
    INVOICE = "invoice"
    """Of what was paid; called tax invoice or receipt, as the seller's details allow."""
    CREDIT = "credit"
    """Of what went back: in Australia an adjustment note."""


class NumberSeries(Model):
    """The last number that a series gave; its row is locked from the taking until the commit."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 0", name="last_not_negative"),)

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


class TaxPaper(Model):
    """A numbered paper; it is never changed and never deleted, only declared void."""

    __tablename__ = "tax_paper"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("kind IN ('invoice', 'credit')", name="kind_known"),
        CheckConstraint("(kind = 'credit') = (refund_id IS NOT NULL)", name="credit_has_refund"),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint("tax_minor >= 0", name="tax_not_negative"),
        Index(
            "uq_tax_paper_order_id_invoice",
            "order_id",
            unique=True,
            sqlite_where=text(IS_INVOICE),
            postgresql_where=text(IS_INVOICE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    printed: Mapped[str] = mapped_column(String(30), unique=True)
    """The number as it stands on the paper, such as GN-INV-000123."""
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="RESTRICT"), index=True)
    refund_id: Mapped[int | None] = mapped_column(
        ForeignKey("refund.id", ondelete="RESTRICT"), unique=True
    )
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int]
    tax_minor: Mapped[int]
    tax_lines: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """Name, basis points, taxed and tax in minor units, one for each rate."""
    seller: Mapped[dict[str, str]] = mapped_column(JSON)
    """Who sold, as the shop said it when the paper was written."""
    issued_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    """When the refund behind it failed after all."""

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)
