"""Index what gift cards were sold for and what they paid, so that reports tell it at no cost.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0600"
down_revision = "20261128_0500"

BOUGHT, PAID = "ix_gift_card_bought", "ix_payment_by_gift_card"
STEPS = "ix_gift_card_entry_at"


def upgrade() -> None:
    _make(BOUGHT, "gift_card", ["issued_at", "order_id"], "order_id IS NOT NULL")
    sums = ["at", "order_id", "amount_minor", "refunded_minor"]
    _make(PAID, "payment", sums, "gift_card_id IS NOT NULL")
    steps = ["at", "gift_card_id", "kind", "amount_minor"]
    op.create_index(op.f(STEPS), "gift_card_entry", steps)


def downgrade() -> None:
    op.drop_index(op.f(STEPS), table_name="gift_card_entry")
    op.drop_index(op.f(PAID), table_name="payment")
    op.drop_index(op.f(BOUGHT), table_name="gift_card")


def _make(name: str, table: str, columns: list[str], which: str) -> None:
    where = sa.text(which)
    op.create_index(op.f(name), table, columns, sqlite_where=where, postgresql_where=where)
