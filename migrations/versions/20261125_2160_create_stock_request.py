"""Let readers ask to be told when a variant is back, and the ledger say what a consent was for.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2160"
down_revision = "20261125_2150"

INDEXES = {
    "ix_stock_request_state_variant_id_asked_at": ["state", "variant_id", "asked_at"],
    "ix_stock_request_email_hash": ["email_hash"],
    "ix_stock_request_ends_at": ["ends_at"],
}


def upgrade() -> None:
    op.add_column(
        "consent_entry",
        sa.Column("purpose", sa.String(length=20), server_default="newsletter", nullable=False),
    )
    op.create_table(
        "stock_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'waiting', 'told')", name=op.f("ck_stock_request_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_stock_request_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_request")),
        sa.UniqueConstraint(
            "variant_id", "email_hash", name=op.f("uq_stock_request_variant_id_email_hash")
        ),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "stock_request", columns)


def downgrade() -> None:
    op.drop_table("stock_request")
    op.drop_column("consent_entry", "purpose")
