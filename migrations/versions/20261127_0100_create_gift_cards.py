"""Create gift cards with their ledger; orders and carts know what cards pay of them.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0100"
down_revision = "20261126_0500"

CARD_CHECKS = {
    "value_positive": "value_minor > 0",
    "balance_not_negative": "balance_minor >= 0",
    "held_within": "held_minor >= 0 AND held_minor <= balance_minor",
    "state_known": "state IN ('active', 'voided', 'expired')",
}


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _refers(table: str, column: str, to: str, ondelete: str = "RESTRICT") -> sa.Constraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def _key(table: str) -> sa.Constraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _check(table: str, name: str, rule: str) -> sa.Constraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _create_cards()
    _create_ledger()
    _create_uses()
    for table, owner in (("cart_gift", "cart_line"), ("order_gift", "order_line")):
        _create_gifts(table, owner)
    op.create_table(
        "gift_card_proof",
        _number("id"),
        _moment("at"),
        _number("differences"),
        _key("gift_card_proof"),
    )
    op.add_column("payment", _number("gift_card_id", nullable=True))
    op.add_column("refund", sa.Column("card_parts", sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "order_line",
        sa.Column("is_gift_card", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    # With the column: SQLite takes a CHECK in no other way, and drops it with its column.
    op.execute(
        "ALTER TABLE variant ADD COLUMN is_gift_card BOOLEAN DEFAULT false NOT NULL"
        " CONSTRAINT ck_variant_gift_card_is_plain CHECK"
        " (NOT is_gift_card OR NOT (requires_shipping OR taxable OR tracked))"
    )


def downgrade() -> None:
    for table in ("order_line", "variant"):
        op.drop_column(table, "is_gift_card")
    op.drop_column("refund", "card_parts")
    op.drop_column("payment", "gift_card_id")
    for table in (
        "gift_card_proof",
        "order_gift",
        "cart_gift",
        "cart_gift_card",
        "gift_card_use",
        "gift_card_entry",
        "gift_card",
    ):
        op.drop_table(table)


def _create_cards() -> None:
    op.create_table(
        "gift_card",
        _number("id"),
        _text("code_hash", 64, nullable=True),
        _text("last_four", 4),
        _text("currency", 3),
        _number("value_minor"),
        _number("balance_minor"),
        _number("held_minor"),
        _text("state", 10),
        _moment("issued_at"),
        _moment("expires_at", nullable=True),
        _number("order_id", nullable=True),
        _number("order_line_id", nullable=True),
        _number("unit"),
        _text("recipient", 320),
        _text("recipient_name", 120),
        _text("giver", 120),
        _text("message", 500),
        _moment("mail_due_at", nullable=True),
        _moment("mailed_at", nullable=True),
        _number("mailings"),
        *(_check("gift_card", name, rule) for name, rule in CARD_CHECKS.items()),
        _refers("gift_card", "order_id", "order"),
        _refers("gift_card", "order_line_id", "order_line"),
        _key("gift_card"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_gift_card_code_hash")),
        sa.UniqueConstraint("order_line_id", "unit", name=op.f("uq_gift_card_order_line_id_unit")),
    )
    for column in ("last_four", "recipient", "order_id"):
        op.create_index(f"ix_gift_card_{column}", "gift_card", [column])
    op.create_index("ix_gift_card_state_expires_at", "gift_card", ["state", "expires_at"])
    left = sa.text("balance_minor > 0")
    op.create_index(
        "ix_gift_card_left",
        "gift_card",
        ["id", "currency", "balance_minor"],
        sqlite_where=left,
        postgresql_where=left,
    )
    waits = sa.text("mail_due_at IS NOT NULL")
    op.create_index(
        "ix_gift_card_waits_for_mail",
        "gift_card",
        ["mail_due_at"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _create_ledger() -> None:
    op.create_table(
        "gift_card_entry",
        _number("id"),
        _number("gift_card_id"),
        _text("kind", 12),
        _number("amount_minor"),
        _number("balance_minor"),
        _number("order_id", nullable=True),
        _text("actor", 120),
        _text("reason", 200),
        _moment("at"),
        _check("gift_card_entry", "amount_not_zero", "amount_minor <> 0"),
        _refers("gift_card_entry", "gift_card_id", "gift_card"),
        _refers("gift_card_entry", "order_id", "order"),
        _key("gift_card_entry"),
    )
    for column in ("gift_card_id", "order_id"):
        op.create_index(f"ix_gift_card_entry_{column}", "gift_card_entry", [column])


def _create_uses() -> None:
    op.create_table(
        "gift_card_use",
        _number("id"),
        _number("gift_card_id"),
        _number("order_id"),
        _number("holder", nullable=True),
        _text("last_four", 4),
        _number("amount_minor"),
        _text("state", 10),
        _moment("at"),
        _check("gift_card_use", "amount_positive", "amount_minor > 0"),
        _refers("gift_card_use", "gift_card_id", "gift_card"),
        _refers("gift_card_use", "order_id", "order"),
        _key("gift_card_use"),
        sa.UniqueConstraint(
            "order_id", "gift_card_id", name=op.f("uq_gift_card_use_order_id_gift_card_id")
        ),
    )
    for column in ("gift_card_id", "holder"):
        op.create_index(f"ix_gift_card_use_{column}", "gift_card_use", [column])
    op.create_table(
        "cart_gift_card",
        _number("id"),
        _number("cart_id"),
        _number("gift_card_id"),
        _refers("cart_gift_card", "cart_id", "cart", "CASCADE"),
        _refers("cart_gift_card", "gift_card_id", "gift_card", "CASCADE"),
        _key("cart_gift_card"),
        sa.UniqueConstraint(
            "cart_id", "gift_card_id", name=op.f("uq_cart_gift_card_cart_id_gift_card_id")
        ),
    )
    op.create_index("ix_cart_gift_card_gift_card_id", "cart_gift_card", ["gift_card_id"])


def _create_gifts(table: str, owner: str) -> None:
    op.create_table(
        table,
        _number("id"),
        _number(f"{owner}_id"),
        _text("recipient", 320),
        _text("recipient_name", 120),
        _text("giver", 120),
        _text("message", 500),
        _moment("send_at", nullable=True),
        _refers(table, f"{owner}_id", owner, "CASCADE"),
        _key(table),
    )
    op.create_index(f"ix_{table}_{owner}_id", table, [f"{owner}_id"])
