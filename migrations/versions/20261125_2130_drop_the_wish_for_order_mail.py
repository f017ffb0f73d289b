"""Drop a column of staff that nothing ever read: who wants mails is written in mail_recipient.

The one migration that takes something away: code from before names the column whenever it reads
somebody's row, so its rooms under /staff answer errors until it is replaced; the shop does not.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2130"
down_revision = "20261125_2120"


def upgrade() -> None:
    op.drop_column("staff_user", "wants_order_mail")


def downgrade() -> None:
    op.add_column(
        "staff_user",
        sa.Column("wants_order_mail", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
