"""Create the nightly proofs of stock.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1840"
down_revision = "20261125_1830"


def upgrade() -> None:
    op.create_table(
        "stock_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_proof")),
    )


def downgrade() -> None:
    op.drop_table("stock_proof")
