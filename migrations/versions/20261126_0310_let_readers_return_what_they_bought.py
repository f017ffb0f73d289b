"""Let readers return what they bought: the returns, their units, and a bound for them.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0310"
down_revision = "20261126_0300"

WAITS = sa.text("state IN ('asked', 'received')")
WITHIN = "coming_back >= 0 AND coming_back <= shipped"


def upgrade() -> None:
    op.add_column(
        "refund",
        sa.Column("leaves_goods", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        # A check joins a table of SQLite with its column only, and leaves with it.
        op.execute(
            "ALTER TABLE order_line ADD COLUMN coming_back INTEGER DEFAULT 0 NOT NULL"
            f" CONSTRAINT ck_order_line_coming_back_within CHECK ({WITHIN})"
        )
    else:
        op.add_column(
            "order_line", sa.Column("coming_back", sa.Integer(), server_default="0", nullable=False)
        )
        op.create_check_constraint(op.f("ck_order_line_coming_back_within"), "order_line", WITHIN)
    _create_returns()
    _create_lines()


def _create_returns() -> None:
    op.create_table(
        "order_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("replacement_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'declined', 'withdrawn', 'received', 'refunded',"
            " 'exchanged')",
            name=op.f("ck_order_return_state_known"),
        ),
        sa.CheckConstraint(
            "wish IN ('refund', 'exchange')", name=op.f("ck_order_return_wish_known")
        ),
        sa.CheckConstraint(
            "state <> 'refunded' OR refund_id IS NOT NULL",
            name=op.f("ck_order_return_refund_named"),
        ),
        sa.CheckConstraint(
            "state <> 'exchanged' OR replacement_id IS NOT NULL",
            name=op.f("ck_order_return_replacement_named"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
            name=op.f("fk_order_return_order_id_order"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refund.id"],
            name=op.f("fk_order_return_refund_id_refund"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"],
            ["order.id"],
            name=op.f("fk_order_return_replacement_id_order"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_order_return_refund_id")),
        sa.UniqueConstraint("replacement_id", name=op.f("uq_order_return_replacement_id")),
    )
    op.create_index("ix_order_return_order_id", "order_return", ["order_id"])
    op.create_index("ix_order_return_state_asked_at", "order_return", ["state", "asked_at"])
    op.create_index(
        "ix_order_return_waiting",
        "order_return",
        ["id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def _create_lines() -> None:
    op.create_table(
        "order_return_line",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("swap_variant_id", sa.Integer(), nullable=True),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_return_line_quantity_positive")),
        sa.CheckConstraint(
            "good >= 0 AND damaged >= 0", name=op.f("ck_order_return_line_received_not_negative")
        ),
        sa.CheckConstraint(
            "good + damaged <= quantity", name=op.f("ck_order_return_line_received_within_asked")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["order_return.id"],
            name=op.f("fk_order_return_line_return_id_order_return"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_order_return_line_order_line_id_order_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["swap_variant_id"],
            ["variant.id"],
            name=op.f("fk_order_return_line_swap_variant_id_variant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("return_id", "order_line_id", name=op.f("pk_order_return_line")),
    )
    for column in ("order_line_id", "swap_variant_id"):
        op.create_index(f"ix_order_return_line_{column}", "order_return_line", [column])


def downgrade() -> None:
    op.drop_table("order_return_line")
    op.drop_table("order_return")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("ck_order_line_coming_back_within", "order_line")
    op.drop_column("order_line", "coming_back")
    op.drop_column("refund", "leaves_goods")
