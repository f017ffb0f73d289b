"""Index orders by when they were paid, and movements by when: reports read both by days.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from alembic import op

revision = "20261125_1855"
down_revision = "20261125_1850"


def upgrade() -> None:
    op.create_index("ix_order_paid_at", "order", ["paid_at"], unique=False)
    op.create_index("ix_stock_movement_kind_at", "stock_movement", ["kind", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_stock_movement_kind_at", table_name="stock_movement")
    op.drop_index("ix_order_paid_at", table_name="order")
