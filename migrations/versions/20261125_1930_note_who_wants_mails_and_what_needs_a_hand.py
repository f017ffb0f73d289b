"""Note who wants mails of the house and what Stripe was found to say; index what needs a hand.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1930"
down_revision = "20261125_1920"

INDEXES = (
    ("ix_message_refused_at", "message", "refused_at", "refused_at IS NOT NULL"),
    ("ix_outbox_row_failed_at", "outbox_row", "failed_at", "failed_at IS NOT NULL"),
    ("ix_order_line_short", "order_line", "order_id", "shortage > 0"),
    ("ix_stock_level_low", "stock_level", "variant_id", "on_hand - reserved <= 3"),
    ("ix_reservation_held", "reservation", "order_line_id", "state = 'held'"),
)


def upgrade() -> None:
    # What follows the tables ends their transaction: whoever died there finds them made.
    op.create_table(
        "mail_recipient",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("kind", "address", name=op.f("pk_mail_recipient")),
        if_not_exists=True,
    )
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("named", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        if_not_exists=True,
    )
    # PostgreSQL would keep checkouts waiting while it reads a large table; SQLite has no such way.
    with op.get_context().autocommit_block():
        for name, table, column, condition in INDEXES:
            op.create_index(
                name,
                table,
                [column],
                postgresql_concurrently=True,
                postgresql_where=sa.text(condition),
                sqlite_where=sa.text(condition),
            )


def downgrade() -> None:
    for name, table, _column, _condition in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_table("reconciliation")
    op.drop_table("mail_recipient")
