"""Create the words that search knows, for what is mistyped, and what staff say means the same.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_2110"
down_revision = "20261125_2100"


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
    )
    op.create_index(op.f("ix_search_word_part"), "search_word", ["part"])
    op.create_table(
        "search_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonym")),
        sa.UniqueConstraint("words", name=op.f("uq_search_synonym_words")),
    )


def downgrade() -> None:
    op.drop_table("search_synonym")
    op.drop_index(op.f("ix_search_word_part"), table_name="search_word")
    op.drop_table("search_word")
