"""Know disputes, what they cost, and what becomes of refunds that fail.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0300"
down_revision = "20261127_0200"

SUMS = ("order_id", "amount_minor", "refunded_minor")
IS_OPEN = sa.text("closed_at IS NULL")
IS_UNHEARD = sa.text("asked_key IS NOT NULL")
IS_LOST = sa.text("status IN ('failed', 'canceled')")


def upgrade() -> None:
    # With the column: SQLite takes a CHECK in no other way, and drops it with its column.
    op.execute(
        "ALTER TABLE payment ADD COLUMN lost_minor INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_payment_lost_within_paid"
        " CHECK (lost_minor >= 0 AND lost_minor <= amount_minor)"
    )
    op.create_index("ix_payment_order_id_sums", "payment", [*SUMS, "lost_minor"])
    op.drop_index("ix_payment_order_id_amounts", "payment")
    op.execute(
        "ALTER TABLE refund ADD COLUMN means VARCHAR(10) DEFAULT 'stripe' NOT NULL"
        " CONSTRAINT ck_refund_means_known CHECK (means IN ('stripe', 'other'))"
    )
    op.add_column("refund", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_refund_lost", "refund", ["id"], sqlite_where=IS_LOST, postgresql_where=IS_LOST
    )
    _create_dispute()
    _create_remedy()


def _create_dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("stripe_id", sa.String(length=255), nullable=False),
        sa.Column("intent_id", sa.String(length=255), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("is_refundable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("has_evidence", sa.Boolean(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("is_reinstated", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ships_anyway", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("asked_what", sa.String(length=10), nullable=False),
        sa.Column("asked_key", sa.String(length=255), nullable=True),
        sa.Column("asked_evidence", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_dispute_amount_positive")),
        sa.CheckConstraint(
            "asked_what IN ('', 'keep', 'submit', 'accept')",
            name=op.f("ck_dispute_asked_what_known"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
            name=op.f("fk_dispute_order_id_order"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("asked_key", name=op.f("uq_dispute_asked_key")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_dispute_stripe_id")),
    )
    op.create_index("ix_dispute_order_id", "dispute", ["order_id"])
    op.create_index(
        "ix_dispute_open", "dispute", ["due_by"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_index(
        "ix_dispute_unheard",
        "dispute",
        ["id"],
        sqlite_where=IS_UNHEARD,
        postgresql_where=IS_UNHEARD,
    )


def _create_remedy() -> None:
    op.create_table(
        "refund_remedy",
        sa.Column("refund_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("in_place_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "how IN ('again', 'otherwise', 'dropped')", name=op.f("ck_refund_remedy_how_known")
        ),
        sa.CheckConstraint(
            "how = 'dropped' OR in_place_id IS NOT NULL",
            name=op.f("ck_refund_remedy_in_place_named"),
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refund.id"],
            name=op.f("fk_refund_remedy_refund_id_refund"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["in_place_id"],
            ["refund.id"],
            name=op.f("fk_refund_remedy_in_place_id_refund"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_refund_remedy")),
        sa.UniqueConstraint("in_place_id", name=op.f("uq_refund_remedy_in_place_id")),
    )


def downgrade() -> None:
    op.drop_table("refund_remedy")
    op.drop_table("dispute")
    op.drop_index("ix_refund_lost", "refund")
    op.drop_column("refund", "tries")
    op.drop_column("refund", "means")
    op.create_index("ix_payment_order_id_amounts", "payment", [*SUMS])
    op.drop_index("ix_payment_order_id_sums", "payment")
    op.drop_column("payment", "lost_minor")
