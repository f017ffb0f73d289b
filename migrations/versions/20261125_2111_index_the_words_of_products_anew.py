"""Write the words of the products that are there by the rules of this release.

Words are folded by the catalogue's own rules, so that what was there is found like what comes.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.catalog.words import index_words, spelled_words

revision = "20261125_2111"
down_revision = "20261125_2110"

BATCH = 500
LONGEST_BODY = 50_000
SHORTEST_WORD, LONGEST_WORD = 3, 24
LINK_TARGETS = re.compile(r"\]\([^()\s]*\)")
PRODUCTS = sa.text(
    "SELECT id, title, product_type, vendor, body FROM product"
    " WHERE id > :after ORDER BY id LIMIT :batch"
)
TAGS = sa.text(
    "SELECT product_id, tag FROM product_tag WHERE product_id BETWEEN :first AND :last"
    " ORDER BY product_id, tag"
)
VALUES = sa.text(
    'SELECT o.product_id, v.value FROM "option" o JOIN option_value v ON v.option_id = o.id'
    " WHERE o.product_id BETWEEN :first AND :last ORDER BY o.product_id, v.id"
)
INTO_SQLITE = sa.text(
    "INSERT INTO product_search (rowid, title, tags, product_type, body)"
    " VALUES (:product_id, :title, :tags, :product_type, :body)"
)
INTO_POSTGRESQL = sa.text(
    "INSERT INTO product_search (product_id, title, tags, product_type, document)"
    " VALUES (:product_id, :title, :tags, :product_type, CAST(:document AS tsvector))"
)
INTO_WORDS = sa.text("INSERT INTO search_word (part, word) VALUES (:part, :word)")


def upgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    key = "rowid" if is_sqlite else "product_id"
    known = sa.text(f"DELETE FROM product_search WHERE {key} BETWEEN :first AND :last")  # noqa: S608 - two names of ours
    spelled, after = set[str](), 0
    while products := connection.execute(PRODUCTS, {"after": after, "batch": BATCH}).all():
        span = {"first": products[0].id, "last": products[-1].id}
        tags = _texts(connection.execute(TAGS, span))
        values = _texts(connection.execute(VALUES, span))
        rows = []
        for found in products:
            body = LINK_TARGETS.sub("]", found.body[:LONGEST_BODY])
            rest = f"{found.vendor}\n{values[found.id]}\n{body}"
            fields = (found.title, tags[found.id], found.product_type, rest)
            spelled.update(*map(spelled_words, fields))
            rows.append({"product_id": found.id, **_row(*map(index_words, fields))})
        connection.execute(known, span)
        connection.execute(INTO_SQLITE if is_sqlite else INTO_POSTGRESQL, rows)
        after = products[-1].id
    op.execute("DELETE FROM search_word")
    _learn(connection, spelled)


def downgrade() -> None:
    # The release before finds its own words in these rows, so they may stay.
    op.execute("DELETE FROM search_word")


def _texts(rows: Iterable[Any]) -> dict[int, str]:
    texts: dict[int, str] = defaultdict(str)
    for product_id, words in rows:
        texts[product_id] += f"{words}\n"
    return texts


def _row(title: list[str], tags: list[str], kind: list[str], body: list[str]) -> dict[str, str]:
    places = dict.fromkeys(body, "D") | dict.fromkeys([*kind, *tags], "B")
    places |= dict.fromkeys(title, "A")
    return {
        "title": " ".join(title),
        "tags": " ".join(tags),
        "product_type": " ".join(kind),
        "body": " ".join(body),
        "document": " ".join(f"'{word}':1{weight}" for word, weight in places.items()),
    }


def _learn(connection: sa.Connection, spelled: set[str]) -> None:
    rows = (
        {"part": part, "word": word}
        for word in sorted(spelled)
        if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()
        for part in dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))])
    )
    while batch := list(islice(rows, BATCH * 10)):
        connection.execute(INTO_WORDS, batch)
