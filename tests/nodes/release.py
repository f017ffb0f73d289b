"""The next release of the shop: the code of now, and one migration that adds to the tables."""

import shutil
from pathlib import Path

from store.migrating import newest_revision
from store.paths import ROOT

PARTS = ("store", "templates", "static", "migrations", "integrations")
REVISION = "29990101_0000"
MIGRATION = '''"""Adds columns, a table and an index, while the release before serves."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("of_the_next_release", sa.String(20)))
    op.add_column("cart", sa.Column("of_the_next_release", sa.Integer, server_default="0"))
    op.create_table("next_release", sa.Column("id", sa.Integer, primary_key=True))
    op.create_index("ix_product_of_the_next_release", "product", ["of_the_next_release"])


def downgrade() -> None:
    op.drop_index("ix_product_of_the_next_release", "product")
    op.drop_table("next_release")
    op.drop_column("cart", "of_the_next_release")
    op.drop_column("product", "of_the_next_release")
'''


def next_release(folder: Path) -> Path:
    """Write the next release into a folder, as `git pull` would; return it."""
    root = folder / "next-release"
    for part in PARTS:
        shutil.copytree(
            ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
        )
    migration = MIGRATION.format(revision=REVISION, before=newest_revision())
    path = root / "migrations/versions" / f"{REVISION}_add_what_the_next_release_needs.py"
    path.write_text(migration, encoding="utf-8")
    return root
