"""Let a type of products have a size chart, and a product have none in spite of it.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2120"
down_revision = "20261125_2111"


def upgrade() -> None:
    op.create_table(
        "size_chart_type",
        sa.Column("product_type", sa.String(length=120), nullable=False),
        sa.Column("size_chart_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size_chart_id"],
            ["size_chart.id"],
            name=op.f("fk_size_chart_type_size_chart_id_size_chart"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_type", name=op.f("pk_size_chart_type")),
    )
    op.create_index("ix_size_chart_type_size_chart_id", "size_chart_type", ["size_chart_id"])
    op.add_column(
        "product",
        sa.Column("is_without_chart", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("product", "is_without_chart")
    op.drop_table("size_chart_type")
