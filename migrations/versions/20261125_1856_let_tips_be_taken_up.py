"""Let tips be taken up.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1856"
down_revision = "20261125_1855"


def upgrade() -> None:
    op.add_column("tip", sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("tip", "handled_at")
