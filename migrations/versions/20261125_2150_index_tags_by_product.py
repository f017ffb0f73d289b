"""Index tags with their products: the newest of a tag are found without reading all of them.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from alembic import op

revision = "20261125_2150"
down_revision = "20261125_2140"

INDEX = "ix_product_tag_tag_product_id"


def upgrade() -> None:
    # PostgreSQL would keep staff waiting while it reads a large table; SQLite has no such way.
    with op.get_context().autocommit_block():
        op.create_index(INDEX, "product_tag", ["tag", "product_id"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="product_tag")
