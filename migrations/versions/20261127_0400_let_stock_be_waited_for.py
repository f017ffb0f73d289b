"""Let stock be waited for: what is to come and when, and the queue for a last unit.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0400"
down_revision = "20261127_0310"

NOT_NEGATIVE = "to_come >= 0"
KEPT = "NOT may_oversell OR to_come IS NULL OR on_hand + to_come + shortage - reserved >= 0"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Checks join a table of SQLite with their column only, and leave with it.
        op.execute(
            "ALTER TABLE stock_level ADD COLUMN to_come INTEGER"
            f" CONSTRAINT ck_stock_level_to_come_not_negative CHECK ({NOT_NEGATIVE})"
            f" CONSTRAINT ck_stock_level_promises_to_come_kept CHECK ({KEPT})"
        )
    else:
        op.add_column("stock_level", sa.Column("to_come", sa.Integer(), nullable=True))
        op.create_check_constraint(
            op.f("ck_stock_level_to_come_not_negative"), "stock_level", NOT_NEGATIVE
        )
        op.create_check_constraint(
            op.f("ck_stock_level_promises_to_come_kept"), "stock_level", KEPT
        )
    op.add_column("stock_level", sa.Column("comes_on", sa.Date(), nullable=True))
    op.create_table(
        "queue_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("claim_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'paying', 'missed', 'sold')",
            name=op.f("ck_queue_place_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_queue_place_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_place")),
        sa.UniqueConstraint(
            "variant_id", "cart_id", name=op.f("uq_queue_place_variant_id_cart_id")
        ),
        sqlite_autoincrement=True,
    )
    for columns in (["variant_id", "state", "id"], ["cart_id"], ["state", "claim_until"]):
        op.create_index(op.f(f"ix_queue_place_{'_'.join(columns)}"), "queue_place", columns)


def downgrade() -> None:
    for columns in (["variant_id", "state", "id"], ["cart_id"], ["state", "claim_until"]):
        op.drop_index(op.f(f"ix_queue_place_{'_'.join(columns)}"), table_name="queue_place")
    op.drop_table("queue_place")
    op.drop_column("stock_level", "comes_on")
    if op.get_bind().dialect.name != "sqlite":
        for name in ("promises_to_come_kept", "to_come_not_negative"):
            op.drop_constraint(op.f(f"ck_stock_level_{name}"), "stock_level")
    op.drop_column("stock_level", "to_come")
