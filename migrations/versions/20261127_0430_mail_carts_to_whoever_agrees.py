"""Mail carts to whoever agrees: the consent's row, and numbers by day that outlive it.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0430"
down_revision = "20261127_0420"
INDEXES = (["state", "asked_at"], ["email_hash"], ["ends_at"])


def upgrade() -> None:
    op.create_table(
        "cart_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'sent')", name=op.f("ck_cart_link_state_known")),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["cart.id"], name=op.f("fk_cart_link_cart_id_cart"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_link")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_cart_link_cart_id")),
    )
    for columns in INDEXES:
        op.create_index(op.f(f"ix_cart_link_{'_'.join(columns)}"), "cart_link", columns)
    op.create_table(
        "cart_link_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mailed", sa.Integer(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_cart_link_day")),
    )


def downgrade() -> None:
    op.drop_table("cart_link_day")
    for columns in INDEXES:
        op.drop_index(op.f(f"ix_cart_link_{'_'.join(columns)}"), table_name="cart_link")
    op.drop_table("cart_link")
