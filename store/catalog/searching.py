"""Finds products by words, on SQLite and PostgreSQL alike: both yield candidates, we rank them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from store.catalog.models import Collection, CollectionProduct, Product
from store.catalog.ranking import Candidate, rank
from store.catalog.rows import is_public
from store.catalog.search_index import INDEX
from store.catalog.sought import LONGEST_QUERY, MOST_TERMS, Term, sought, terms_of
from store.catalog.synonyms import Meanings, Phrase, meanings
from store.catalog.words import stem
from store.database import db
from store.statements import read

__all__ = ["LONGEST_QUERY", "MOST_TERMS", "search", "search_each", "search_everything", "terms_of"]

MOST_CANDIDATES = 200
WAYS = ("in_title", "anywhere", "alike")
"""Titles are asked for apart, so that a word common in texts hides none of them; so are words that
only mean the same, and these are looked for in titles, tags and types alone."""

FEW = 500
"""Where PostgreSQL has no more matches than this it looks for them by the index of words alone."""
_WORDS = (INDEX.c.title, INDEX.c.tags, INDEX.c.product_type)

Matching = Select[int, str, str, str]


def search(
    q: str,
    *,
    now: datetime,
    limit: int = MOST_CANDIDATES,
    collection: str | None = None,
    known: Meanings | None = None,
) -> list[int]:
    """Return the ids of public products that hold every word of the query, best first.

    A word finds its other forms, what it begins, its spelling without accents, and behind them what
    means the same. No query is refused: what is no word is left out, and what is longer than a
    person would type is cut.
    """
    (found,) = search_each([terms_of(q)], now=now, collection=collection, known=known)
    return found[:limit]


def search_each(
    asked: Sequence[Sequence[str]],
    *,
    now: datetime,
    collection: str | None = None,
    known: Meanings | None = None,
) -> list[list[int]]:
    """Return for each list of words what it finds; all of them are asked for in one query."""
    understood = meanings(()) if known is None else known
    questions = [sought(words, understood) for words in asked]
    numbered = [(number, terms) for number, terms in enumerate(questions) if terms]
    if not numbered:
        return [[] for _ in questions]
    given: dict[str, object] = {"now": now}
    if collection is not None:
        given["collection"] = collection
    dialect = db.session.connection().dialect.name
    ways = WAYS if any(term.alike for _, terms in numbered for term in terms) else WAYS[:2]
    for place, (_, terms) in enumerate(numbered):
        given |= {
            f"{way}_{place}": text for way, text in _asked(dialect, terms).items() if way in ways
        }
    statement = _matching(dialect, ways, len(numbered), is_within=collection is not None)
    candidates: list[dict[int, Candidate]] = [{} for _ in questions]
    # All at once: hundreds of rows one by one take longer than to find them.
    for place, product_id, *fields in read(statement, **given):
        found = candidates[numbered[place][0]]
        if product_id not in found:
            found[product_id] = Candidate(product_id, *(words.split() for words in fields))
    return [
        rank(terms, found.values())[:MOST_CANDIDATES]
        for terms, found in zip(questions, candidates, strict=True)
    ]


def search_everything(q: str, *, limit: int) -> list[int]:
    """Return products whose titles hold every word of the query, public or not, best first."""
    terms = sought(terms_of(q), {})
    if not terms:
        return []
    connection = db.session.connection()
    dialect = connection.dialect.name
    wanted = {"in_title_0": _asked(dialect, terms)["in_title"]}
    found = connection.execute(_any_titled(dialect), wanted)
    candidates = [Candidate(row[0], *(words.split() for words in row[1:])) for row in found]
    return rank(terms, candidates)[:limit]


@cache
def _matching(dialect: str, ways: Sequence[str], questions: int, *, is_within: bool) -> Executable:
    """Write the statement once for each database: to put it together takes longer than to ask."""

    def narrowed(matched: Matching) -> Matching:
        public = matched.where(is_public())
        return public.where(Product.id.in_(_members())) if is_within else public

    return union_all(
        *(
            select(literal(place, Integer, literal_execute=True), found.subquery())
            for place in range(questions)
            for way in ways
            for found in _newest(dialect, f"{way}_{place}", narrowed)
        )
    )


@cache
def _any_titled(dialect: str) -> Executable:
    found = _newest(dialect, "in_title_0", lambda matched: matched)
    return union_all(*(select(one.subquery()) for one in found))


def _members() -> Select[int]:
    return (
        select(CollectionProduct.product_id)
        .join(Collection, Collection.id == CollectionProduct.collection_id)
        .where(Collection.handle == bindparam("collection"), Collection.is_published)
    )


def _newest(
    dialect: str, name: str, narrowed: Callable[[Matching], Matching]
) -> Sequence[Matching]:
    """Select what matches; the newest stay where there are more than can be ranked.

    PostgreSQL has two ways, of which one finds something: the index of words where few products
    match, and all products from the newest on where many do. By itself it often goes through all
    of them for a word that few have, because it guesses how many and takes no account of what it
    costs to look for a word in a text.
    """
    if dialect == "sqlite":
        whole_row: ColumnElement[str] = literal_column("product_search")
        condition = whole_row.op("MATCH", is_comparison=True)(bindparam(name, type_=String()))
        row_id: ColumnElement[int] = literal_column("product_search.rowid")
        found = select(row_id.label("product_id"), *_WORDS).where(condition)
        matched = found.join_from(INDEX, Product, Product.id == row_id)
        return [_last_made(narrowed(matched), row_id)]
    wanted = cast(bindparam(name, type_=String()), TSQUERY)
    condition = INDEX.c.document.op("@@", is_comparison=True)(wanted)
    matched = select(INDEX.c.product_id, *_WORDS).where(condition)
    some = matched.limit(FEW + 1).cte(f"some_{name}")
    are_few = select(func.count()).select_from(some).scalar_subquery() <= FEW
    among_few = select(*some.c).join_from(some, Product, Product.id == some.c.product_id)
    among_all = matched.join_from(INDEX, Product, Product.id == INDEX.c.product_id)
    # A sum is in no index: for the order of one all products would be gone through after all.
    by_sum = some.c.product_id + literal_column("0")
    return [
        _last_made(narrowed(among_few.where(are_few)), by_sum),
        _last_made(narrowed(among_all.where(~are_few)), INDEX.c.product_id),
    ]


def _last_made(matching: Matching, by: ColumnElement[int]) -> Matching:
    return matching.order_by(by.desc()).limit(MOST_CANDIDATES)


# Terms are letters and digits only: no quote or operator of either language comes from outside.


def _asked(dialect: str, terms: Sequence[Term]) -> dict[str, str]:
    """Return the question in the language of the database, in each of the ways."""
    return _in_fts5(terms) if dialect == "sqlite" else _in_tsquery(terms)


def _in_fts5(terms: Sequence[Term]) -> dict[str, str]:
    typed = _all_of(terms, _prefixed, " AND ", " OR ")
    alike = _all_of(terms, _prefixed, " AND ", " OR ", with_alike=_whole)
    return {
        "in_title": f"{{title}} : ({typed})",
        "anywhere": typed,
        "alike": f"{{title tags product_type}} : ({alike})",
    }


def _in_tsquery(terms: Sequence[Term]) -> dict[str, str]:
    def prefixed(weights: str) -> Callable[[str], str]:
        return lambda word: _lexemes(word, weights)

    return {
        "in_title": _all_of(terms, prefixed("A"), " & ", " | "),
        "anywhere": _all_of(terms, prefixed(""), " & ", " | "),
        "alike": _all_of(
            terms,
            prefixed("AB"),
            " & ",
            " | ",
            with_alike=lambda word: f"'{stem(word)}':AB",
        ),
    }


def _all_of(
    terms: Sequence[Term],
    form: Callable[[str], str],
    both: str,
    either: str,
    *,
    with_alike: Callable[[str], str] | None = None,
) -> str:
    def phrase(words: Phrase, form: Callable[[str], str]) -> str:
        return f"({both.join(map(form, words))})"

    def term(wanted: Term) -> str:
        choices = [phrase(words, form) for words in wanted.forms]
        if with_alike is not None:
            choices += [phrase(words, with_alike) for words in wanted.alike]
        return f"({either.join(choices)})"

    return both.join(map(term, terms))


def _prefixed(word: str) -> str:
    # One letter begins a tenth of all words.
    if len(word) == 1:
        return f'"{word}"'
    begun, kept = f'"{word}" *', stem(word)
    # What begins with the word is found by it already, and once more is as dear again.
    return begun if kept.startswith(word) else f'({begun} OR "{kept}")'


def _whole(word: str) -> str:
    return f'"{stem(word)}"'


def _lexemes(word: str, weights: str) -> str:
    mark = f":{weights}" if weights else ""
    if len(word) == 1:
        return f"'{word}'{mark}"
    begun, kept = f"'{word}':*{weights}", stem(word)
    return begun if kept.startswith(word) else f"({begun} | '{kept}'{mark})"
