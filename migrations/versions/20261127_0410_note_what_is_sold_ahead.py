"""Note what is sold before it is here, with the day that its reader was told.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0410"
down_revision = "20261127_0400"


def upgrade() -> None:
    op.create_table(
        "sold_ahead",
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("is_put_off", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("units > 0", name=op.f("ck_sold_ahead_units_positive")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_sold_ahead_order_line_id_order_line"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_sold_ahead_variant_id_variant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("order_line_id", name=op.f("pk_sold_ahead")),
    )
    op.create_index(op.f("ix_sold_ahead_variant_id"), "sold_ahead", ["variant_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sold_ahead_variant_id"), table_name="sold_ahead")
    op.drop_table("sold_ahead")
