"""Create the switch that closes the shop.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1857"
down_revision = "20261125_1856"


def upgrade() -> None:
    op.create_table(
        "shop_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=160), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_shop_closure_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_closure")),
    )


def downgrade() -> None:
    op.drop_table("shop_closure")
