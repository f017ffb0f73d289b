"""Let variants have files, buyers download them, and goods be taxed as digital ones.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0700"
down_revision = "20261127_0430"

BEFORE = ("standard", "reduced", "zero", "exempt")
AFTER = (*BEFORE, "digital")
CHECK = "ck_product_tax_class_known"


def upgrade() -> None:
    op.create_table(
        "product_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_product_file_size_positive")),
        sa.CheckConstraint("edition > 0", name=op.f("ck_product_file_edition_positive")),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_product_file_variant_id_variant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_file")),
    )
    op.create_index(
        op.f("ix_product_file_variant_id_position"), "product_file", ["variant_id", "position"]
    )
    op.create_index(op.f("ix_product_file_content_hash"), "product_file", ["content_hash"])
    _create_downloads()
    _know_tax_classes(AFTER)


def _create_downloads() -> None:
    op.create_table(
        "download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND used <= allowed", name=op.f("ck_download_used_within_allowed")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_download_order_line_id_order_line"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["product_file.id"],
            name=op.f("fk_download_file_id_product_file"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download")),
        sa.UniqueConstraint(
            "order_line_id", "file_id", name=op.f("uq_download_order_line_id_file_id")
        ),
    )
    op.create_index(op.f("ix_download_file_id"), "download", ["file_id"])
    op.create_table(
        "download_taking",
        sa.Column("download_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["download_id"],
            ["download.id"],
            name=op.f("fk_download_taking_download_id_download"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("download_id", "ordinal", name=op.f("pk_download_taking")),
    )


def downgrade() -> None:
    op.execute("UPDATE product SET tax_class = 'standard' WHERE tax_class = 'digital'")
    _know_tax_classes(BEFORE)
    op.drop_table("download_taking")
    op.drop_table("download")
    op.drop_table("product_file")


def _know_tax_classes(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    check = f"CHECK ({{}} IN ({listed}))"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE product DROP CONSTRAINT {CHECK}")
        op.execute(f"ALTER TABLE product ADD CONSTRAINT {CHECK} {check.format('tax_class')}")
        return
    # SQLite changes no CHECK, but takes one with a column and drops it with it.
    op.execute(
        "ALTER TABLE product ADD COLUMN tax_class_known VARCHAR(12) DEFAULT 'standard' NOT NULL"
        f" CONSTRAINT {CHECK} {check.format('tax_class_known')}"
    )
    op.execute("UPDATE product SET tax_class_known = tax_class WHERE tax_class <> 'standard'")
    op.execute("ALTER TABLE product DROP COLUMN tax_class")
    op.execute("ALTER TABLE product RENAME COLUMN tax_class_known TO tax_class")
