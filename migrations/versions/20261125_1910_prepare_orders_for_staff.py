"""Prepare orders for staff: search, new addresses, refunds by unit, tracking lists.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1910"
down_revision = "20261125_1900"

COLUMNS = (
    ("refund", sa.Column("shipping_minor", sa.Integer(), server_default="0", nullable=False)),
    ("fulfilment", sa.Column("sent_to", sa.JSON(), server_default="{}", nullable=False)),
)


def upgrade() -> None:
    op.create_table(
        "order_readdressing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
            name=op.f("fk_order_readdressing_order_id_order"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_readdressing")),
    )
    op.create_index("ix_order_readdressing_order_id", "order_readdressing", ["order_id"])
    op.create_table(
        "refund_line",
        sa.Column("refund_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_refund_line_quantity_positive")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_refund_line_amount_not_negative")),
        sa.CheckConstraint(
            "cancelled >= 0 AND cancelled <= quantity", name=op.f("ck_refund_line_cancelled_within")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refund.id"],
            name=op.f("fk_refund_line_refund_id_refund"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_refund_line_order_line_id_order_line"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("refund_id", "order_line_id", name=op.f("pk_refund_line")),
    )
    op.create_index("ix_refund_line_order_line_id", "refund_line", ["order_line_id"])
    op.create_table(
        "tracking_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_list")),
    )
    op.create_index("ix_tracking_list_at", "tracking_list", ["at"])
    for table, column in COLUMNS:
        op.add_column(table, column)
    _create_search()


def _create_search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE order_search USING fts5(goods, others, detail = 'column',"
            " tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4 5 6')"
        )
        op.execute(
            'CREATE TRIGGER order_search_forgets AFTER DELETE ON "order"'
            " BEGIN DELETE FROM order_search WHERE rowid = old.id; END"
        )
        return
    op.execute(
        "CREATE TABLE order_search ("
        "order_id integer NOT NULL CONSTRAINT pk_order_search PRIMARY KEY"
        ' CONSTRAINT fk_order_search_order_id_order REFERENCES "order" (id) ON DELETE CASCADE,'
        " goods tsvector NOT NULL, document tsvector NOT NULL)"
    )
    for column in ("goods", "document"):
        op.execute(f"CREATE INDEX ix_order_search_{column} ON order_search USING gin ({column})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER order_search_forgets")
    op.execute("DROP TABLE order_search")
    for table, column in COLUMNS:
        op.drop_column(table, column.name)
    op.drop_index("ix_tracking_list_at", table_name="tracking_list")
    op.drop_table("tracking_list")
    op.drop_index("ix_refund_line_order_line_id", table_name="refund_line")
    op.drop_table("refund_line")
    op.drop_index("ix_order_readdressing_order_id", table_name="order_readdressing")
    op.drop_table("order_readdressing")
