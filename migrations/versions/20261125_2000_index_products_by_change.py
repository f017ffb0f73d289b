"""Index active products by their last change: each process compares them when the version rises.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from alembic import op

revision = "20261125_2000"
down_revision = "20261125_1940"

INDEX = "ix_product_status_updated_at_id"


def upgrade() -> None:
    # PostgreSQL would keep staff waiting while it reads a large table; SQLite has no such way.
    with op.get_context().autocommit_block():
        op.create_index(
            INDEX, "product", ["status", "updated_at", "id"], postgresql_concurrently=True
        )


def downgrade() -> None:
    op.drop_index(INDEX, table_name="product")
