"""Create imports that staff watch, and what each product was before.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1850"
down_revision = "20261125_1840"


def upgrade() -> None:
    op.create_table(
        "product_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("fault", sa.String(length=2000), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("format", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'ready', 'refused', 'writing', 'done', 'failed', 'undoing', 'undone', 'discarded')",
            name=op.f("ck_product_import_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_import")),
    )
    op.create_index("ix_product_import_created_at", "product_import", ["created_at"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("handle", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("is_written", sa.Boolean(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.Column("conflict", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["product_import.id"],
            name=op.f("fk_import_row_import_id_product_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index(
        "ix_import_row_import_id_kind_id", "import_row", ["import_id", "kind", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_import_row_import_id_kind_id", table_name="import_row")
    op.drop_table("import_row")
    op.drop_index("ix_product_import_created_at", table_name="product_import")
    op.drop_table("product_import")
