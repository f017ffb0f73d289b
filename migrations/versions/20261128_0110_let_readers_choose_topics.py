"""Let readers choose topics: who chose none so far was promised everything.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "20261128_0110"
down_revision = "20261128_0100"
EVERYTHING = ["drops", "sales", "back_in_stock"]


def upgrade() -> None:
    subscriber = sa.table("subscriber", sa.column("topics", sa.JSON()))
    written = sa.cast(subscriber.c.topics, sa.Text())
    op.execute(subscriber.update().where(written == json.dumps([])).values(topics=EVERYTHING))


def downgrade() -> None:
    """Leave them chosen: the code before reads any topics, and what was chosen since is kept."""
