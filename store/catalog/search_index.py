"""Keeps the words under which products are found, in the form that each database searches best."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    column,
    delete,
    event,
    inspect,
    literal_column,
    select,
    table,
    text,
)

from store.catalog.drafts import ProductDraft
from store.catalog.models import Option, OptionValue, Product, ProductTag
from store.catalog.spelling import forget_words, learn
from store.catalog.words import index_words, spelled_words
from store.database import Model, db

SEARCH_TABLE = "product_search"
"""SQLite adds tables of its own under this name with an ending, such as product_search_data."""

INDEX = table(
    SEARCH_TABLE,
    column("product_id", Integer),
    column("title"),
    column("tags"),
    column("product_type"),
    column("document"),
)
_BATCH = 500
_LONGEST_BODY = 50_000
_LINK_TARGETS = re.compile(r"\]\([^()\s]*\)")

_SQLITE = (
    (
        "CREATE VIRTUAL TABLE IF NOT EXISTS product_search USING fts5("
        "title, tags, product_type, body,"
        " tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4')"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS product_search_forgets AFTER DELETE ON product"
        " BEGIN DELETE FROM product_search WHERE rowid = old.id; END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE TABLE IF NOT EXISTS product_search ("
        "product_id integer NOT NULL CONSTRAINT pk_product_search PRIMARY KEY"
        " CONSTRAINT fk_product_search_product_id_product REFERENCES product (id)"
        " ON DELETE CASCADE,"
        " title text NOT NULL, tags text NOT NULL, product_type text NOT NULL,"
        " document tsvector NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS ix_product_search_document ON product_search USING gin (document)",
)


def create_search_index(connection: Connection) -> None:
    """Create the table and what keeps it true when a product goes; safe to repeat."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_search_index(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER IF EXISTS product_search_forgets"))
    connection.execute(text("DROP TABLE IF EXISTS product_search"))


def index_products(product_ids: Sequence[int]) -> None:
    """Write the words of these products anew, in the open transaction."""
    db.session.flush()
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    spelled = set[str]()
    for start in range(0, len(product_ids), _BATCH):
        batch = product_ids[start : start + _BATCH]
        product_id: ColumnElement[int] = _ROWID if is_sqlite else INDEX.c.product_id
        db.session.execute(delete(INDEX).where(product_id.in_(batch)))
        if texts := list(_texts(batch)):
            statement, as_row = _INTO_SQLITE if is_sqlite else _INTO_POSTGRESQL
            db.session.execute(text(statement), [as_row(_words(*row)) for row in texts])
            spelled.update(*(spelled_words(field) for _, *fields in texts for field in fields))
    learn(spelled)


def texts_of(draft: ProductDraft) -> tuple[object, ...]:
    """Return what the words of a product are taken from: while it is equal, so is the index."""
    values = [option.value_names for option in draft.options]
    return draft.title, draft.product_type, draft.vendor, draft.body, set(draft.tags), values


def index_everything() -> int:
    """Write the words of every product anew; return their number."""
    ids = db.session.scalars(select(Product.id)).all()
    forget_words()
    index_products(ids)
    return len(ids)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one product by the place where they stand."""

    product_id: int
    title: Sequence[str]
    tags: Sequence[str]
    product_type: Sequence[str]
    body: Sequence[str]


def _words(product_id: int, title: str, tags: str, product_type: str, rest: str) -> _Words:
    return _Words(
        product_id,
        index_words(title),
        index_words(tags),
        index_words(product_type),
        index_words(rest),
    )


def _texts(ids: Sequence[int]) -> Iterator[tuple[int, str, str, str, str]]:
    tags = _joined(
        select(ProductTag.product_id, ProductTag.tag).where(ProductTag.product_id.in_(ids))
    )
    values = _joined(
        select(Option.product_id, OptionValue.value)
        .join(OptionValue, OptionValue.option_id == Option.id)
        .where(Option.product_id.in_(ids))
    )
    for row in db.session.execute(_TEXTS.where(Product.id.in_(ids))):
        body = _LINK_TARGETS.sub("]", row.body[:_LONGEST_BODY])
        rest = f"{row.vendor}\n{values[row.id]}\n{body}"
        yield row.id, row.title, tags[row.id], row.product_type, rest


def _joined(pairs: Select[int, str]) -> Mapping[int, str]:
    grouped: dict[int, str] = defaultdict(str)
    for product_id, words in db.session.execute(pairs):
        grouped[product_id] += f"{words}\n"
    return grouped


def _short_fields(words: _Words) -> dict[str, object]:
    return {
        "product_id": words.product_id,
        "title": " ".join(words.title),
        "tags": " ".join(words.tags),
        "product_type": " ".join(words.product_type),
    }


def _sqlite_row(words: _Words) -> dict[str, object]:
    return _short_fields(words) | {"body": " ".join(words.body)}


def _postgresql_row(words: _Words) -> dict[str, object]:
    # Words are letters and digits only, so that quoting them is enough.
    places = dict.fromkeys(words.body, "D")
    places |= dict.fromkeys([*words.product_type, *words.tags], "B")
    places |= dict.fromkeys(words.title, "A")
    document = " ".join(f"'{word}':1{weight}" for word, weight in places.items())
    return _short_fields(words) | {"document": document}


_TEXTS = select(Product.id, Product.title, Product.product_type, Product.vendor, Product.body)
_ROWID: ColumnElement[int] = literal_column("rowid")
_INTO_SQLITE = (
    (
        "INSERT INTO product_search (rowid, title, tags, product_type, body)"
        " VALUES (:product_id, :title, :tags, :product_type, :body)"
    ),
    _sqlite_row,
)
_INTO_POSTGRESQL = (
    (
        "INSERT INTO product_search (product_id, title, tags, product_type, document)"
        " VALUES (:product_id, :title, :tags, :product_type, CAST(:document AS tsvector))"
    ),
    _postgresql_row,
)


@event.listens_for(Model.metadata, "after_create")
def _create_with_tables(_metadata: MetaData, connection: Connection, **_options: object) -> None:
    if inspect(connection).has_table(Product.__tablename__):
        create_search_index(connection)


@event.listens_for(Model.metadata, "before_drop")
def _drop_with_tables(_metadata: MetaData, connection: Connection, **_options: object) -> None:
    drop_search_index(connection)
