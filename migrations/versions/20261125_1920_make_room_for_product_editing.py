"""Give products an end, old addresses and size charts, collections rules, and edits a place.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1920"
down_revision = "20261125_1912"

TABLES = ("product_edit", "collection_rule", "former_handle", "product_size_chart", "size_chart")


def upgrade() -> None:
    op.create_table(
        "size_chart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_size_chart")),
        sa.UniqueConstraint("name", name=op.f("uq_size_chart_name")),
    )
    op.create_table(
        "product_size_chart",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("size_chart_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_product_size_chart_product_id_product"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["size_chart_id"],
            ["size_chart.id"],
            name=op.f("fk_product_size_chart_size_chart_id_size_chart"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_size_chart")),
    )
    op.create_index("ix_product_size_chart_size_chart_id", "product_size_chart", ["size_chart_id"])
    op.create_table(
        "former_handle",
        sa.Column("handle", sa.String(length=255), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_former_handle_product_id_product"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_former_handle")),
    )
    op.create_index("ix_former_handle_product_id", "former_handle", ["product_id"])
    op.create_table(
        "collection_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=12), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name=op.f("fk_collection_rule_collection_id_collection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_rule")),
        sa.UniqueConstraint(
            "collection_id", "position", name=op.f("uq_collection_rule_collection_id_position")
        ),
    )
    op.create_table(
        "product_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=48), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["staff_user.id"],
            name=op.f("fk_product_edit_user_id_staff_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_edit")),
        sa.UniqueConstraint("user_id", "about", name=op.f("uq_product_edit_user_id_about")),
    )
    op.create_index("ix_product_edit_about", "product_edit", ["about"])
    op.create_index("ix_product_edit_at", "product_edit", ["at"])
    op.add_column("product", sa.Column("unpublish_at", sa.DateTime(timezone=True), nullable=True))
    # Written out: SQLite adds a column in place only where its constraint comes along.
    op.execute(
        "ALTER TABLE collection ADD COLUMN matching VARCHAR(8) DEFAULT 'by_hand' NOT NULL"
        " CONSTRAINT ck_collection_matching_known"
        " CHECK (matching IN ('by_hand', 'all', 'any'))"
    )
    op.create_index("ix_product_unpublish_at", "product", ["unpublish_at"])
    op.create_index("ix_product_updated_at_id", "product", ["updated_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_product_updated_at_id", table_name="product")
    op.drop_index("ix_product_unpublish_at", table_name="product")
    op.drop_column("collection", "matching")
    op.drop_column("product", "unpublish_at")
    for name in TABLES:
        op.drop_table(name)
