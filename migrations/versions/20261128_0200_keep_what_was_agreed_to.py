"""Keep what was agreed to: words of consents, details of steps, answers in busy hours, lists.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0200"
down_revision = "20261128_0110"


def upgrade() -> None:
    op.create_table(
        "consent_wording",
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", name=op.f("pk_consent_wording")),
    )
    op.add_column("consent_entry", sa.Column("wording_hash", sa.String(length=64), nullable=True))
    op.add_column("consent_entry", sa.Column("detail", sa.JSON(), nullable=True))
    op.create_index("ix_consent_entry_purpose_at", "consent_entry", ["purpose", "at"])
    _create_step_answers()
    _create_imports()


def _create_step_answers() -> None:
    op.create_table(
        "step_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_answer")),
        sa.UniqueConstraint("nonce", name=op.f("uq_step_answer_nonce")),
    )
    op.create_index("ix_step_answer_network_at", "step_answer", ["network", "at"])
    op.create_index("ix_step_answer_at", "step_answer", ["at"])


def _create_imports() -> None:
    op.create_table(
        "subscriber_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("agreed_where", sa.String(length=300), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("kept_out", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('read', 'asking', 'done', 'stopped')",
            name=op.f("ck_subscriber_import_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber_import")),
    )
    op.create_index("ix_subscriber_import_state_read_at", "subscriber_import", ["state", "read_at"])
    op.create_table(
        "imported_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["subscriber_import.id"],
            name=op.f("fk_imported_address_import_id_subscriber_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_address")),
        sa.UniqueConstraint(
            "import_id", "email_hash", name=op.f("uq_imported_address_import_id_email_hash")
        ),
    )
    op.create_index(
        "ix_imported_address_import_id_due_at", "imported_address", ["import_id", "due_at"]
    )
    op.create_index("ix_imported_address_email_hash", "imported_address", ["email_hash"])


def downgrade() -> None:
    op.drop_table("imported_address")
    op.drop_table("subscriber_import")
    op.drop_table("step_answer")
    op.drop_index("ix_consent_entry_purpose_at", table_name="consent_entry")
    op.drop_column("consent_entry", "detail")
    op.drop_column("consent_entry", "wording_hash")
    op.drop_table("consent_wording")
