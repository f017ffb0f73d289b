"""Note why a picture could not be fetched, and whether an import is to fetch its pictures.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2170"
down_revision = "20261125_2160"


def upgrade() -> None:
    op.create_table(
        "picture_fault",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"],
            ["image.id"],
            name=op.f("fk_picture_fault_image_id_image"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_picture_fault")),
    )
    op.add_column(
        "product_import",
        sa.Column("wants_pictures", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("product_import", "wants_pictures")
    op.drop_table("picture_fault")
