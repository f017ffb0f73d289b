"""Let shipping and tax know regions, steps and pick-up, and orders keep what they were reckoned by.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261126_0500"
down_revision = "20261126_0320"


def _text(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=False)


def _json(name: str, default: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), server_default=default, nullable=False)


def _columns() -> Mapping[str, Sequence[sa.Column[Any]]]:
    """Return what each table gains, made anew: a column belongs to one table once it is added."""
    return {
        "shipping_zone": [_json("regions", "[]")],
        "shipping_rate": [
            _json("steps", "[]"),
            _text("pickup_address", 300),
            _text("pickup_hours", 300),
        ],
        "cart": [_text("region", 80), _text("postcode", 20), _text("shipping_name", 120)],
        "order": [
            _text("region", 80),
            _text("postcode", 20),
            _json("areas", "{}"),
            _json("choices", "[]"),
            _text("shipping_kind", 12, "post"),
            _json("pickup", "{}"),
            sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
            _json("tax_lines", "[]"),
            _text("tax_source", 12, "store"),
        ],
        "order_line": [
            _text("tax_name", 60),
            sa.Column("tax_millionths", sa.Integer(), server_default="0", nullable=False),
        ],
    }


KNOWN = {
    ("shipping_rate", "kind"): ("flat", "weight", "value", "pickup"),
    ("product", "tax_class"): ("standard", "reduced", "zero", "exempt"),
}
"""Words that a column may hold, the first of them where nothing is said."""


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    for (table, name), words in KNOWN.items():
        listed = ", ".join(f"'{word}'" for word in words)
        # With the column: SQLite takes a CHECK in no other way, and drops it with its column.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} VARCHAR(12) DEFAULT '{words[0]}' NOT NULL"
            f" CONSTRAINT ck_{table}_{name}_known CHECK ({name} IN ({listed}))"
        )
    op.create_table(
        "tax_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_tax_terms_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_terms")),
    )


def downgrade() -> None:
    op.drop_table("tax_terms")
    # What the code before cannot read goes with its columns.
    op.execute("DELETE FROM shipping_rate WHERE kind <> 'flat'")
    op.execute(
        "DELETE FROM shipping_rate WHERE zone_id IN"
        " (SELECT id FROM shipping_zone WHERE CAST(regions AS VARCHAR(9999)) <> '[]')"
    )
    op.execute("DELETE FROM shipping_zone WHERE CAST(regions AS VARCHAR(9999)) <> '[]'")
    for table, name in KNOWN:
        op.drop_column(table, name)
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
