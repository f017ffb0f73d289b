"""Create discounts and their uses; orders keep the coupon that they ask Stripe for.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_0100"
down_revision = "20261125_2230"

CHECKS = {
    "percent_of_kind": "(kind = 'percent') = (basis_points IS NOT NULL)",
    "amount_of_kind": "(kind = 'amount') = (amount_minor IS NOT NULL)",
    "percent_within_whole": "basis_points BETWEEN 1 AND 10000",
    "amount_positive": "amount_minor > 0",
    "minimum_positive": "minimum_minor > 0",
    "ends_after_start": "ends_at > starts_at",
    "most_in_all_positive": "most_in_all > 0",
    "most_per_reader_positive": "most_per_reader > 0",
    "taken_not_negative": "taken >= 0",
    "taken_within_limit": "taken <= most_in_all",
    "reader_limit_needs_code": "most_per_reader IS NULL OR code_key IS NOT NULL",
}


def upgrade() -> None:
    op.create_table(
        "discount",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("code_key", sa.String(length=160), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minimum_minor", sa.Integer(), nullable=True),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("target_ids", sa.JSON(), nullable=False),
        sa.Column("combines", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("most_in_all", sa.Integer(), nullable=True),
        sa.Column("most_per_reader", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_discount_{name}"))
            for name, rule in CHECKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount")),
        sa.UniqueConstraint("code_key", name=op.f("uq_discount_code_key")),
    )
    op.create_table(
        "redemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("discount_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("is_shipping", sa.Boolean(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_redemption_amount_positive")),
        sa.ForeignKeyConstraint(
            ["discount_id"],
            ["discount.id"],
            name=op.f("fk_redemption_discount_id_discount"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
            name=op.f("fk_redemption_order_id_order"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint(
            "order_id", "discount_id", name=op.f("uq_redemption_order_id_discount_id")
        ),
    )
    op.create_index("ix_redemption_holder", "redemption", ["holder"])
    op.create_index("ix_redemption_discount_id_reader", "redemption", ["discount_id", "reader"])
    op.add_column(
        "order", sa.Column("coupon_request", sa.JSON(), server_default="{}", nullable=False)
    )
    op.add_column(
        "cart",
        sa.Column("discount_email", sa.String(length=320), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("cart", "discount_email")
    op.drop_column("order", "coupon_request")
    op.drop_table("redemption")
    op.drop_table("discount")
