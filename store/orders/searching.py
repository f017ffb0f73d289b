"""Finds orders by what anybody may know of them: number, name, address, goods, parcel."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, String, cast, literal, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from store.catalog.words import stem, words_of
from store.orders.search_index import INDEX, ROWID, compact, is_on_sqlite

LONGEST_QUERY = 200
MOST_TERMS = 8

Way = Sequence[str]
"""Words that must all be there; the last may be the beginning of a longer one."""
Terms = Sequence[Sequence[Way]]
"""All of these are wanted; each is met by any of its ways."""


def matching(q: str, *, goods_only: bool = False) -> Select[int] | None:
    """Select the ids of orders that hold every word of the query; None where it has no word."""
    terms = terms_of(q)
    if not terms:
        return None
    if is_on_sqlite():
        expression = _fts5(terms)
        wanted = f"{{goods}} : ({expression})" if goods_only else expression
        row: ColumnElement[str] = literal_column("order_search", String)
        is_met = row.op("MATCH", is_comparison=True)(literal(wanted, String))
        return select(ROWID).select_from(INDEX).where(is_met)
    document = INDEX.c.goods if goods_only else INDEX.c.document
    query = cast(literal(_tsquery(terms), String), TSQUERY)
    return select(INDEX.c.order_id).where(document.op("@@", is_comparison=True)(query))


def terms_of(q: str) -> Terms:
    """Return the ways in which each piece of a query may be met; no query is refused."""
    pieces = dict.fromkeys(q[:LONGEST_QUERY].split())
    return [_ways(piece) for piece in pieces if words_of(piece)][:MOST_TERMS]


def _ways(piece: str) -> Sequence[Way]:
    words = words_of(piece)
    if len(words) > 1:
        return [[compact(piece)], words]
    return [words] if stem(words[0]) == words[0] else [words, [stem(words[0])]]


# Words are letters and digits only: no quote or operator of either language comes from outside.


def _fts5(terms: Terms) -> str:
    return " AND ".join(
        "(" + " OR ".join(f"({_fts5_way(way)})" for way in ways) + ")" for ways in terms
    )


def _fts5_way(way: Way) -> str:
    *whole, begun = way
    return " AND ".join([*(f'"{word}"' for word in whole), f'"{begun}" *'])


def _tsquery(terms: Terms) -> str:
    return " & ".join(
        "(" + " | ".join(f"({_tsquery_way(way)})" for way in ways) + ")" for ways in terms
    )


def _tsquery_way(way: Way) -> str:
    *whole, begun = way
    return " & ".join([*(f"'{word}'" for word in whole), f"'{begun}':*"])
