"""Keep who waits for a last unit: an address where she gave one, and what her links are signed by.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0420"
down_revision = "20261127_0410"


def upgrade() -> None:
    op.create_table(
        "queue_reader",
        sa.Column("place_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["queue_place.id"],
            name=op.f("fk_queue_reader_place_id_queue_place"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
            name=op.f("fk_queue_reader_variant_id_variant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_queue_reader")),
        sa.UniqueConstraint(
            "variant_id", "email_hash", name=op.f("uq_queue_reader_variant_id_email_hash")
        ),
    )
    op.create_index(op.f("ix_queue_reader_email_hash"), "queue_reader", ["email_hash"])


def downgrade() -> None:
    op.drop_index(op.f("ix_queue_reader_email_hash"), table_name="queue_reader")
    op.drop_table("queue_reader")
