"""Keep the addresses that collections had once.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2220"
down_revision = "20261125_2210"


def upgrade() -> None:
    op.create_table(
        "former_collection_handle",
        sa.Column("handle", sa.String(length=160), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collection.id"],
            name=op.f("fk_former_collection_handle_collection_id_collection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_former_collection_handle")),
    )
    op.create_index(
        "ix_former_collection_handle_collection_id",
        "former_collection_handle",
        ["collection_id"],
    )


def downgrade() -> None:
    op.drop_table("former_collection_handle")
