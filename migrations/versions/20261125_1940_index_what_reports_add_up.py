"""Index what reports add up, so that they read indexes and no rows.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from alembic import op

revision = "20261125_1940"
down_revision = "20261125_1930"

Indexes = tuple[tuple[str, str, list[str]], ...]

WIDER: Indexes = (
    ("ix_order_paid_at_currency", "order", ["paid_at", "currency"]),
    (
        "ix_order_line_order_id_sold",
        "order_line",
        ["order_id", "variant_id", "quantity", "total_minor"],
    ),
    ("ix_payment_order_id_amounts", "payment", ["order_id", "amount_minor", "refunded_minor"]),
)
NARROWER: Indexes = (
    ("ix_order_paid_at", "order", ["paid_at"]),
    ("ix_order_line_order_id", "order_line", ["order_id"]),
    ("ix_payment_order_id", "payment", ["order_id"]),
)


def upgrade() -> None:
    _exchange(NARROWER, WIDER)


def downgrade() -> None:
    _exchange(WIDER, NARROWER)


def _exchange(old: Indexes, new: Indexes) -> None:
    # PostgreSQL would keep checkouts waiting while it reads a large table; SQLite has no such way.
    with op.get_context().autocommit_block():
        for name, table, columns in new:
            op.create_index(name, table, columns, postgresql_concurrently=True)
        for name, table, _columns in old:
            op.drop_index(name, table_name=table, postgresql_concurrently=True)
