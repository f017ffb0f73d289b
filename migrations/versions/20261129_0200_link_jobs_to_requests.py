"""Let a job name the request that enqueued it, so that traces can be followed from one to the other.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_0200"
down_revision = "20261128_0600"


def upgrade() -> None:
    op.add_column(
        "outbox_row", sa.Column("caused_by", sa.String(60), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("outbox_row", "caused_by")
