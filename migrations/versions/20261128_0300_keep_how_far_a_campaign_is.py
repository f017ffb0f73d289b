"""Keep how far a campaign is, when each mail was last tried, and who outside is left alone.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0300"
down_revision = "20261128_0200"


def upgrade() -> None:
    for name, begins_with in (
        ("bounce_limit", "500"),
        ("complaint_limit", "30"),
        ("filled_to", "0"),
    ):
        op.add_column(
            "campaign", sa.Column(name, sa.Integer(), nullable=False, server_default=begins_with)
        )
    for name in ("filled_at", "judged_since"):
        op.add_column("campaign", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_delivery_campaign_id_tried_at", "delivery", ["campaign_id", "tried_at"])
    op.create_index(
        "ix_delivery_campaign_id_claimed_until",
        "delivery",
        ["campaign_id", "claimed_until"],
        sqlite_where=sa.text("claimed_until IS NOT NULL"),
        postgresql_where=sa.text("claimed_until IS NOT NULL"),
    )
    op.create_table(
        "mail_rest",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_rest")),
    )


def downgrade() -> None:
    op.drop_table("mail_rest")
    op.drop_index("ix_delivery_campaign_id_claimed_until", table_name="delivery")
    op.drop_index("ix_delivery_campaign_id_tried_at", table_name="delivery")
    op.drop_column("delivery", "tried_at")
    for name in ("judged_since", "filled_at", "filled_to", "complaint_limit", "bounce_limit"):
        op.drop_column("campaign", name)
