"""Index orders by the address of their reader as those fold it who look for it.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0710"
down_revision = "20261127_0700"

NAME = "ix_order_email_folded"


def upgrade() -> None:
    op.create_index(op.f(NAME), "order", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index(op.f(NAME), table_name="order")
