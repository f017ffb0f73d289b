"""Note what comes back: bounces and complaints once each, tokens and certificates of webhooks.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0500"
down_revision = "20261128_0400"


def upgrade() -> None:
    op.create_table(
        "mail_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("diagnostic", sa.String(length=400), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hard', 'soft', 'complaint', 'unclear')",
            name=op.f("ck_mail_report_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_report")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_mail_report_provider_event_id")),
    )
    op.create_index(
        "ix_mail_report_email_hash_kind_at", "mail_report", ["email_hash", "kind", "at"]
    )
    op.create_index("ix_mail_report_kind_id", "mail_report", ["kind", "id"])
    op.create_index("ix_mail_report_received_at", "mail_report", ["received_at"])
    op.create_index("ix_suppression_reason_at", "suppression", ["reason", "at"])
    op.create_index("ix_message_message_id", "message", ["message_id"])
    _create_guards()


def _create_guards() -> None:
    op.create_table(
        "webhook_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_webhook_token_digest")),
    )
    op.create_index("ix_webhook_token_at", "webhook_token", ["at"])
    op.create_table(
        "signing_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=255), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_certificate")),
        sa.UniqueConstraint("url", name=op.f("uq_signing_certificate_url")),
    )


def downgrade() -> None:
    op.drop_table("signing_certificate")
    op.drop_table("webhook_token")
    op.drop_index("ix_message_message_id", table_name="message")
    op.drop_index("ix_suppression_reason_at", table_name="suppression")
    op.drop_table("mail_report")
