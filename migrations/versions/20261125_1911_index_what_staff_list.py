"""Index orders by state, lines with units left to ship, and refunds under way.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1911"
down_revision = "20261125_1910"

INDEXES = (
    ("ix_order_state_placed_at_id", "order", ["state", "placed_at", "id"], None),
    (
        "ix_order_line_left",
        "order_line",
        ["order_id"],
        "requires_shipping AND quantity - shipped - cancelled > 0",
    ),
    ("ix_refund_under_way", "refund", ["order_id"], "status IN ('pending', 'requires_action')"),
)


def upgrade() -> None:
    # PostgreSQL would keep checkouts waiting while it reads a large table; SQLite has no such way.
    with op.get_context().autocommit_block():
        for name, table, columns, where in INDEXES:
            condition = sa.text(where) if where else None
            op.create_index(
                name,
                table,
                columns,
                postgresql_concurrently=True,
                postgresql_where=condition,
                sqlite_where=condition,
            )


def downgrade() -> None:
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table_name=table)
