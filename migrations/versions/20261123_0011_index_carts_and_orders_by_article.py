"""Index carts and orders by the story that led to them.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from alembic import op

revision = "20261123_0011"
down_revision = "20261123_0010"

INDEXES = (("ix_cart_article", "cart"), ("ix_order_article", "order"))


def upgrade() -> None:
    # PostgreSQL would keep checkouts waiting while it reads a large table; SQLite has no such way.
    with op.get_context().autocommit_block():
        for name, table in INDEXES:
            op.create_index(name, table, ["article"], postgresql_concurrently=True)


def downgrade() -> None:
    for name, table in INDEXES:
        op.drop_index(name, table_name=table)
