"""Let staff prove who they are: second factors, limits at the door, and forms that wait.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_1900"
down_revision = "20261125_1858"


def upgrade() -> None:
    op.add_column("staff_user", sa.Column("totp_counter", sa.Integer(), nullable=True))
    op.add_column("staff_user", sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "staff_user", sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "staff_session", sa.Column("password_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "staff_session", sa.Column("factor_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"], unique=False)
    op.create_index(
        "ix_sign_in_attempt_purpose_email_hash_at",
        "sign_in_attempt",
        ["purpose", "email_hash", "at"],
        unique=False,
    )
    op.create_index(
        "ix_sign_in_attempt_purpose_network_at",
        "sign_in_attempt",
        ["purpose", "network", "at"],
        unique=False,
    )
    op.create_table(
        "parked_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=2000), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["staff_user.id"],
            name=op.f("fk_parked_form_user_id_staff_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_form")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_parked_form_token_hash")),
    )
    op.create_index("ix_parked_form_at", "parked_form", ["at"], unique=False)
    op.create_index("ix_parked_form_user_id", "parked_form", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_parked_form_user_id", table_name="parked_form")
    op.drop_index("ix_parked_form_at", table_name="parked_form")
    op.drop_table("parked_form")
    op.drop_index("ix_sign_in_attempt_purpose_network_at", table_name="sign_in_attempt")
    op.drop_index("ix_sign_in_attempt_purpose_email_hash_at", table_name="sign_in_attempt")
    op.drop_index("ix_sign_in_attempt_at", table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_column("staff_session", "factor_at")
    op.drop_column("staff_session", "password_at")
    op.drop_column("staff_user", "password_changed_at")
    op.drop_column("staff_user", "invited_at")
    op.drop_column("staff_user", "totp_counter")
