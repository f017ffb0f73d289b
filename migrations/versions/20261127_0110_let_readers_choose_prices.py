"""Let readers choose what a variant costs, within bounds; a line of a cart keeps the choice.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0110"
down_revision = "20261127_0100"

CHECKS = {
    ("variant", "least_minor", "least_positive"): "least_minor > 0",
    ("variant", "most_minor", "most_from_least"): "most_minor >= least_minor",
    ("cart_line", "chosen_minor", "chosen_positive"): "chosen_minor > 0",
}


def upgrade() -> None:
    for (table, column, name), rule in CHECKS.items():
        # With the column: SQLite takes a CHECK in no other way, and drops it with its column.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
            f" CONSTRAINT ck_{table}_{name} CHECK ({rule})"
        )
    op.add_column("variant", sa.Column("suggested", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("variant", "suggested")
    for table, column, _ in reversed(CHECKS):
        op.drop_column(table, column)
