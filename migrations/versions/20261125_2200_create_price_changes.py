"""Create prices that hold for a time, and the history of what each variant cost.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2200"
down_revision = "20261125_2170"


def upgrade() -> None:
    op.create_table(
        "price_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("compare_at_minor", sa.Integer(), nullable=True),
        sa.Column("is_sale", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_price_change_price_not_negative")),
        sa.CheckConstraint(
            "compare_at_minor > price_minor", name=op.f("ck_price_change_compare_at_above_price")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_price_change_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_price_change_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
        sa.UniqueConstraint(
            "variant_id", "starts_at", name=op.f("uq_price_change_variant_id_starts_at")
        ),
    )
    op.create_index("ix_price_change_starts_at", "price_change", ["starts_at"])
    op.create_index("ix_price_change_ends_at", "price_change", ["ends_at"])
    op.create_table(
        "price_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("is_reduced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_price_entry_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_entry")),
    )
    op.create_index("ix_price_entry_variant_id_at", "price_entry", ["variant_id", "at"])


def downgrade() -> None:
    op.drop_table("price_entry")
    op.drop_table("price_change")
