"""Begin the price history of variants that are there: with what each costs now.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2210"
down_revision = "20261125_2200"

BEGUN = sa.text(
    "INSERT INTO price_entry (variant_id, at, price_minor, currency, is_reduced)"
    " SELECT id, CURRENT_TIMESTAMP, price_minor, currency, compare_at_minor IS NOT NULL"
    " FROM variant"
)


def upgrade() -> None:
    op.execute(BEGUN)


def downgrade() -> None:
    op.execute("DELETE FROM price_entry")
