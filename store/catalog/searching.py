"""Finds products by words, on SQLite and PostgreSQL alike: both yield candidates, we rank them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, cast, literal_column, select, union_all
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


def terms_of(q: str) -> list[str]:
    """Return the words of a query that count, each once."""
    return list(dict.fromkeys(words_of(q[:LONGEST_QUERY])))[:MOST_TERMS]


def _candidates(terms: Sequence[str], now: datetime, collection: str | None) -> list[Candidate]:
    # Titles are asked for apart, so that a word common in texts hides none of them.
    in_title, anywhere = (
        select(_narrowed(_matching(terms, title_only), now, collection).subquery())
        for title_only in (True, False)
    )
    found = {row[0]: row[1:] for row in db.session.execute(union_all(in_title, anywhere))}
    return [
        Candidate(product_id, *(words.split() for words in fields))
        for product_id, fields in found.items()
    ]


def _narrowed(matching: Matching, now: datetime, collection: str | None) -> Matching:
    # The newest stay where there are more than can be ranked.
    public = matching.where(is_public(now)).order_by(literal_column("1").desc())
    if collection is not None:
        members = (
            select(CollectionProduct.product_id)
            .join(Collection, Collection.id == CollectionProduct.collection_id)
            .where(Collection.handle == collection, Collection.is_published)
        )
        public = public.where(Product.id.in_(members))
    return public.limit(MOST_CANDIDATES)


def _matching(terms: Sequence[str], title_only: bool) -> Matching:  # noqa: FBT001 - private
    if db.session.get_bind().dialect.name == "sqlite":
        product_id, condition = _in_sqlite(terms, title_only=title_only)
    else:
        product_id, condition = _in_postgresql(terms, title_only=title_only)
    return (
        select(product_id.label("product_id"), INDEX.c.title, INDEX.c.tags, INDEX.c.product_type)
        .join_from(INDEX, Product, Product.id == product_id)
        .where(condition)
    )


# Terms are letters and digits only: no quote or operator of either language comes from outside.


def _in_sqlite(
    terms: Sequence[str], *, title_only: bool
) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    wanted = " AND ".join(f'("{term}" * OR "{stem(term)}")' for term in terms)
    expression = f"{{title}} : ({wanted})" if title_only else wanted
    rowid: ColumnElement[int] = literal_column("product_search.rowid")
    return rowid, literal_column("product_search").op("MATCH", is_comparison=True)(expression)


def _in_postgresql(
    terms: Sequence[str], *, title_only: bool
) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    weight = "A" if title_only else ""
    expression = " & ".join(f"('{term}':*{weight} | '{stem(term)}':{weight})" for term in terms)
    expression = expression.replace("':)", "')")
    return INDEX.c.product_id, INDEX.c.document.op("@@", is_comparison=True)(
        cast(expression, TSQUERY)
    )
