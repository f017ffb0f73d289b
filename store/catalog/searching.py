"""Finds products by words, on SQLite and PostgreSQL alike: both yield candidates, we rank them."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from store.catalog.models import Collection, CollectionProduct, Product
from store.catalog.ranking import Candidate, rank
from store.catalog.rows import is_public
from store.catalog.search_index import INDEX
from store.catalog.words import stem, words_of
from store.database import db

LONGEST_QUERY = 200
MOST_TERMS = 12
MOST_CANDIDATES = 200

Matching = Select[int, str, str, str]


def search(
    q: str, *, now: datetime, limit: int = MOST_CANDIDATES, collection: str | None = None
) -> list[int]:
    """Return the ids of public products that hold every word of the query, best first.

    A word finds its other forms, what it begins, and its spelling without accents. No query is
    refused: what is no word is left out, and what is longer than a person would type is cut.
    """
    terms = terms_of(q)
    return rank(terms, _candidates(terms, now, collection))[:limit] if terms else []


def search_everything(q: str, *, limit: int) -> list[int]:
    """Return products whose titles hold every word of the query, public or not, best first."""
    terms = terms_of(q)
    if not terms:
        return []
    connection = db.session.connection()
    dialect = connection.dialect.name
    wanted = _expressions(terms) if dialect == "sqlite" else _tsqueries(terms)
    found = connection.execute(_any_titled(dialect), {"in_title": wanted["in_title"]})
    candidates = [Candidate(row[0], *(words.split() for words in row[1:])) for row in found]
    return rank(terms, candidates)[:limit]


def terms_of(q: str) -> list[str]:
    """Return the words of a query that count, each once."""
    return list(dict.fromkeys(words_of(q[:LONGEST_QUERY])))[:MOST_TERMS]


def _candidates(terms: Sequence[str], now: datetime, collection: str | None) -> list[Candidate]:
    connection = db.session.connection()
    dialect = connection.dialect.name
    wanted = _expressions(terms) if dialect == "sqlite" else _tsqueries(terms)
    statement = _matching(dialect, is_within=collection is not None)
    within = {} if collection is None else {"collection": collection}
    found = connection.execute(statement, {**wanted, **within, "now": now})
    by_id = {row[0]: row[1:] for row in found}
    return [
        Candidate(product_id, *(words.split() for words in fields))
        for product_id, fields in by_id.items()
    ]


@cache
def _matching(dialect: str, *, is_within: bool) -> Executable:
    """Write the statement once for each database: to put it together takes longer than to ask."""
    # Titles are asked for apart, so that a word common in texts hides none of them.
    in_title, anywhere = (
        select(_narrowed(_matched(dialect, name), is_within=is_within).subquery())
        for name in ("in_title", "anywhere")
    )
    return union_all(in_title, anywhere)


@cache
def _any_titled(dialect: str) -> Executable:
    matched = _matched(dialect, "in_title")
    return matched.order_by(literal_column("1").desc()).limit(MOST_CANDIDATES)


def _narrowed(matched: Matching, *, is_within: bool) -> Matching:
    # The newest stay where there are more than can be ranked.
    public = matched.where(is_public()).order_by(literal_column("1").desc())
    if is_within:
        members = (
            select(CollectionProduct.product_id)
            .join(Collection, Collection.id == CollectionProduct.collection_id)
            .where(Collection.handle == bindparam("collection"), Collection.is_published)
        )
        public = public.where(Product.id.in_(members))
    return public.limit(MOST_CANDIDATES)


def _matched(dialect: str, name: str) -> Matching:
    product_id: ColumnElement[int]
    if dialect == "sqlite":
        product_id = literal_column("product_search.rowid")
        whole_row: ColumnElement[str] = literal_column("product_search")
        condition = whole_row.op("MATCH", is_comparison=True)(bindparam(name, type_=String()))
    else:
        product_id = INDEX.c.product_id
        wanted = cast(bindparam(name, type_=String()), TSQUERY)
        condition = INDEX.c.document.op("@@", is_comparison=True)(wanted)
    return (
        select(product_id.label("product_id"), INDEX.c.title, INDEX.c.tags, INDEX.c.product_type)
        .join_from(INDEX, Product, Product.id == product_id)
        .where(condition)
    )


# Terms are letters and digits only: no quote or operator of either language comes from outside.


def _expressions(terms: Sequence[str]) -> dict[str, str]:
    wanted = " AND ".join(f'("{term}" * OR "{stem(term)}")' for term in terms)
    return {"in_title": f"{{title}} : ({wanted})", "anywhere": wanted}


def _tsqueries(terms: Sequence[str]) -> dict[str, str]:
    def wanted(weight: str) -> str:
        one_by_one = (f"('{term}':*{weight} | '{stem(term)}':{weight})" for term in terms)
        return " & ".join(one_by_one).replace("':)", "')")

    return {"in_title": wanted("A"), "anywhere": wanted("")}
