"""Add a column, an index and a table, as releases do: what runs now knows none of them."""

import sqlalchemy as sa
from alembic import op

from store.migrating import newest_revision

revision = "tomorrow_of_the_faults"
down_revision = newest_revision()
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tomorrow",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("note", sa.String(80), nullable=False),
    )
    op.add_column("message", sa.Column("tomorrow_note", sa.String(80)))
    op.create_index("ix_message_tomorrow_note", "message", ["tomorrow_note"])


def downgrade() -> None:
    op.drop_index("ix_message_tomorrow_note", "message")
    op.drop_column("message", "tomorrow_note")
    op.drop_table("tomorrow")
