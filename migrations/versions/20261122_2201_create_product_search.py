"""Create the search index: full text in the way of each database, written by the catalogue.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from alembic import op

revision = "20261122_2201"
down_revision = "20261122_2200"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE product_search USING fts5("
            "title, tags, product_type, body,"
            " tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4')"
        )
        op.execute(
            "CREATE TRIGGER product_search_forgets AFTER DELETE ON product"
            " BEGIN DELETE FROM product_search WHERE rowid = old.id; END"
        )
        return
    op.execute(
        "CREATE TABLE product_search ("
        "product_id integer NOT NULL CONSTRAINT pk_product_search PRIMARY KEY"
        " CONSTRAINT fk_product_search_product_id_product REFERENCES product (id)"
        " ON DELETE CASCADE,"
        " title text NOT NULL, tags text NOT NULL, product_type text NOT NULL,"
        " document tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_product_search_document ON product_search USING gin (document)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER product_search_forgets")
    op.execute("DROP TABLE product_search")
