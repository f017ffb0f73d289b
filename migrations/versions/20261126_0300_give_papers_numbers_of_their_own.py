"""Give receipts and credit notes numbers of their own.

Papers of orders that were paid before are written by the worker, in the order of payment.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0300"
down_revision = "20261126_0100"

IS_INVOICE = sa.text("kind = 'invoice'")


def upgrade() -> None:
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_number_series_last_not_negative")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "tax_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed", sa.String(length=30), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("tax_minor", sa.Integer(), nullable=False),
        sa.Column("tax_lines", sa.JSON(), nullable=False),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('invoice', 'credit')", name=op.f("ck_tax_paper_kind_known")),
        sa.CheckConstraint(
            "(kind = 'credit') = (refund_id IS NOT NULL)",
            name=op.f("ck_tax_paper_credit_has_refund"),
        ),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_tax_paper_total_not_negative")),
        sa.CheckConstraint("tax_minor >= 0", name=op.f("ck_tax_paper_tax_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
            name=op.f("fk_tax_paper_order_id_order"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refund.id"],
            name=op.f("fk_tax_paper_refund_id_refund"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_paper")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_tax_paper_kind_number")),
        sa.UniqueConstraint("printed", name=op.f("uq_tax_paper_printed")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_tax_paper_refund_id")),
    )
    op.create_index("ix_tax_paper_order_id", "tax_paper", ["order_id"])
    op.create_index(
        "uq_tax_paper_order_id_invoice",
        "tax_paper",
        ["order_id"],
        unique=True,
        sqlite_where=IS_INVOICE,
        postgresql_where=IS_INVOICE,
    )


def downgrade() -> None:
    op.drop_index("uq_tax_paper_order_id_invoice", table_name="tax_paper")
    op.drop_index("ix_tax_paper_order_id", table_name="tax_paper")
    op.drop_table("tax_paper")
    op.drop_table("number_series")
