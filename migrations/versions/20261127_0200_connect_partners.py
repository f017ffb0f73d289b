"""Let partners be connected: tokens of the API, endpoints that are told, and what they were told.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0200"
down_revision = "20261127_0110"


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, *, is_known: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_known)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "api_token",
        _id(),
        _text("name", 80),
        _text("prefix", 20),
        _text("token_hash", 64),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _text("made_by", 120),
        _moment("made_at", is_known=True),
        _moment("expires_at"),
        _moment("revoked_at"),
        _moment("last_used_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "api_answer",
        _id(),
        _number("token_id"),
        _text("key", 255),
        _text("fingerprint", 64),
        _number("status"),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("at", is_known=True),
        sa.ForeignKeyConstraint(
            ["token_id"],
            ["api_token.id"],
            name=op.f("fk_api_answer_token_id_api_token"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("token_id", "key", name="uq_api_answer_token_id_key"),
    )
    op.create_index(op.f("ix_api_answer_at"), "api_answer", ["at"])
    op.create_table(
        "webhook_endpoint",
        _id(),
        _text("url", 2_000),
        _text("name", 80),
        sa.Column("kinds", sa.JSON(), nullable=False),
        _text("nonce", 64),
        _text("old_nonce", 64),
        _moment("old_until"),
        _moment("made_at", is_known=True),
        _moment("ended_at"),
        _text("ended_because", 12),
        _moment("failing_since"),
        _moment("rests_until"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_table(
        "webhook_delivery",
        _id(),
        _number("endpoint_id"),
        _text("message_id", 40),
        _text("kind", 40),
        _text("about", 120),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("created_at", is_known=True),
        _text("state", 12),
        _number("turn"),
        _number("tries"),
        _moment("next_at"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoint.id"],
            name=op.f("fk_webhook_delivery_endpoint_id_webhook_endpoint"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_webhook_delivery_message_id")),
    )
    op.create_index(op.f("ix_webhook_delivery_created_at"), "webhook_delivery", ["created_at"])
    op.create_index("ix_webhook_delivery_endpoint_id_id", "webhook_delivery", ["endpoint_id", "id"])
    op.create_index(
        "ix_webhook_delivery_endpoint_id_state", "webhook_delivery", ["endpoint_id", "state"]
    )
    op.create_table(
        "webhook_attempt",
        _id(),
        _number("delivery_id"),
        _moment("at", is_known=True),
        _number("milliseconds"),
        sa.Column("status", sa.Integer(), nullable=True),
        _text("answer", 1_000),
        _text("fault", 200),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_delivery.id"],
            name=op.f("fk_webhook_attempt_delivery_id_webhook_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempt")),
    )
    op.create_index(op.f("ix_webhook_attempt_delivery_id"), "webhook_attempt", ["delivery_id"])
    op.create_table(
        "webhook_cursor",
        _text("name", 40),
        _number("number"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_webhook_cursor")),
    )
    # Whoever asks what changed since a moment is answered from the timeline.
    op.create_index("ix_order_event_at_order_id", "order_event", ["at", "order_id"])


def downgrade() -> None:
    op.drop_index("ix_order_event_at_order_id", table_name="order_event")
    for table in (
        "webhook_cursor",
        "webhook_attempt",
        "webhook_delivery",
        "webhook_endpoint",
        "api_answer",
        "api_token",
    ):
        op.drop_table(table)
