"""Let readers choose when what they paid for is gone.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0310"
down_revision = "20261127_0300"

IS_LIVE = sa.text("state IN ('open', 'waits')")


def upgrade() -> None:
    op.create_table(
        "shortfall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_by", sa.String(length=120), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("replacement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shortfall_quantity_positive")),
        sa.CheckConstraint(
            "state IN ('open', 'waits', 'swapped', 'refunded', 'arrived', 'over')",
            name=op.f("ck_shortfall_state_known"),
        ),
        sa.CheckConstraint(
            "state <> 'swapped' OR replacement_id IS NOT NULL",
            name=op.f("ck_shortfall_replacement_named"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
            name=op.f("fk_shortfall_order_id_order"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_shortfall_order_line_id_order_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refund.id"],
            name=op.f("fk_shortfall_refund_id_refund"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"],
            ["order.id"],
            name=op.f("fk_shortfall_replacement_id_order"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortfall")),
    )
    for column in ("order_id", "order_line_id", "refund_id", "replacement_id"):
        op.create_index(f"ix_shortfall_{column}", "shortfall", [column])
    op.create_index(
        "uq_shortfall_order_line_id_live",
        "shortfall",
        ["order_line_id"],
        unique=True,
        sqlite_where=IS_LIVE,
        postgresql_where=IS_LIVE,
    )


def downgrade() -> None:
    op.drop_table("shortfall")
