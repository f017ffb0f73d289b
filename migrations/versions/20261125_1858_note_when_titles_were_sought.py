"""Note when a story's title was last sought on its own page.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1858"
down_revision = "20261125_1857"


def upgrade() -> None:
    op.add_column(
        "article", sa.Column("title_sought_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("article", "title_sought_at")
