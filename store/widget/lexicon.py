"""Which products speak of which word, held in memory: read whole once, then what has changed."""

from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from sys import intern
from typing import TypeAlias

from sqlalchemy import BindParameter, String, bindparam, cast, func, select

from store.catalog.models import Product, ProductStatus, ProductTag
from store.catalog.rows import read
from store.catalog.words import stem, words_of
from store.widget.keeping import Kept

TITLE, TAG, TYPE, BODY = WORTHS = (6, 5, 4, 1)
"""What a word is worth by the place where it stands."""
LONGEST_BODY = 600
AT_ONCE = 500
LARGE = 100
"""From so many products on, a word that a tenth of them share tells none apart."""
TOO_COMMON = 0.1
BETWEEN_MARKS = ","
MOST_CHANGES = 0.5
"""Where a larger part of the products has changed, it is quicker to begin anew."""

Ids: TypeAlias = "array[int]"
Words = Mapping[int, frozenset[str]]
"""The terms that one product speaks of, by what they are worth there."""
NOTHING: Words = {worth: frozenset() for worth in WORTHS}
Marks = frozenset[str]
"""Each product with the moment of its last change: "17 2026-11-21 …"; they are only compared."""

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
# As one text: ten thousand rows take longer to receive than to read.
_MARKS = select(
    func.aggregate_strings(
        cast(Product.id, String) + " " + cast(Product.updated_at, String), BETWEEN_MARKS
    )
).where(Product.status == ProductStatus.ACTIVE)
_TEXTS = (
    select(
        Product.id, Product.title, Product.product_type, func.substr(Product.body, 1, LONGEST_BODY)
    )
    .where(Product.id.in_(_IDS))
    .order_by(Product.id)
)
_TAGS = (
    select(ProductTag.product_id, ProductTag.tag)
    .where(ProductTag.product_id.in_(_IDS))
    .order_by(ProductTag.product_id, ProductTag.tag)
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The products that speak of a term, by what its place is worth, in the order of their ids.

    A term is a stem, or a whole tag of several words. A lexicon never changes: the next one shares
    with it what has stayed, so that threads read without a lock.
    """

    ids: Mapping[int, Mapping[str, Ids]] = field(default_factory=dict)
    """By worth and term."""
    terms: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By product."""
    marks: Marks = frozenset()

    def __len__(self) -> int:
        return len(self.terms)

    def frequency(self, term: str) -> int:
        return sum(len(by_term[term]) for by_term in self.ids.values() if term in by_term)

    def tells_apart(self, frequency: int) -> bool:
        """Whether a term is worth asking for: some products speak of it, and not too many."""
        return frequency > 0 and (len(self) < LARGE or frequency <= TOO_COMMON * len(self))

    def postings(self, term: str) -> Iterator[tuple[int, Ids]]:
        """Yield each worth that the term has, with the products in which it has it."""
        for worth, by_term in self.ids.items():
            if term in by_term:
                yield worth, by_term[term]


_kept = Kept[Lexicon]()


def lexicon_of(version: int) -> Lexicon:
    """Return the lexicon as of this public version."""
    return _kept.get(version, lambda before: _caught_up(before or Lexicon()))


def forget_lexicons() -> None:
    """Forget all of them, as when a database was replaced under its engine."""
    _kept.forget()


def _caught_up(before: Lexicon) -> Lexicon:
    """Read what has changed since, appeared or gone."""
    marks = _marks()
    changed = _products_of(marks - before.marks)
    gone = _products_of(before.marks - marks) - changed
    if not changed and not gone:
        return before
    if not marks:
        # Where nothing is left, what was caught up is what a first reading would find.
        return Lexicon()
    if len(changed) > MOST_CHANGES * len(marks):
        before, changed, gone = Lexicon(), _products_of(marks), set()
    draft = _Draft(before)
    for number in gone:
        draft.strike(number)
    for number, words in _words_of_products(sorted(changed)):
        draft.write(number, words)
    return draft.finished(marks)


def _marks() -> Marks:
    listed: str | None = read(_MARKS)[0][0]
    return frozenset(listed.split(BETWEEN_MARKS)) if listed else frozenset()


def _products_of(marks: Marks) -> set[int]:
    return {int(mark.partition(" ")[0]) for mark in marks}


class _Draft:
    """A lexicon while it is written; it copies what it changes, and shares the rest."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._ids = {worth: lexicon.ids.get(worth, {}) for worth in WORTHS}
        self._terms = dict(lexicon.terms)
        self._own: dict[int, dict[str, Ids]] = {worth: {} for worth in WORTHS}

    def write(self, number: int, words: Words) -> None:
        """Let a product speak of these words and no others."""
        before = self._words_of(number)
        for worth in WORTHS:
            for term in before[worth] - words[worth]:
                ids = self._ids_of(worth, term)
                del ids[bisect_left(ids, number)]
            own = self._own[worth]
            for term in words[worth] - before[worth]:
                ids = own.get(term) or self._ids_of(worth, term)
                # A first reading comes in the order of the ids.
                if not ids or ids[-1] < number:
                    ids.append(number)
                else:
                    insort(ids, number)
        self._terms[number] = tuple(map(intern, chain.from_iterable(words.values())))

    def strike(self, number: int) -> None:
        """Forget a product."""
        self.write(number, NOTHING)
        self._terms.pop(number, None)

    def finished(self, marks: Marks) -> Lexicon:
        ids = {worth: {**self._ids[worth], **own} for worth, own in self._own.items()}
        for worth, own in self._own.items():
            for term in (term for term, left in own.items() if not left):
                del ids[worth][term]
        return Lexicon(ids, self._terms, marks)

    def _words_of(self, number: int) -> Words:
        terms = self._terms.get(number, ())
        return {worth: frozenset(self._told(number, worth, terms)) for worth in WORTHS}

    def _told(self, number: int, worth: int, terms: Iterable[str]) -> Iterator[str]:
        own, shared = self._own[worth], self._ids[worth]
        for term in terms:
            ids = own[term] if term in own else shared.get(term, ())
            place = bisect_left(ids, number)
            if place < len(ids) and ids[place] == number:
                yield term

    def _ids_of(self, worth: int, term: str) -> Ids:
        """Return ids that may be changed: a copy of those that a lexicon has."""
        own = self._own[worth]
        ids = own.get(term)
        if ids is None:
            ids = own[term] = array("i", self._ids[worth].get(term, ()))
        return ids


# Many products share a tag and a type.
@lru_cache(maxsize=2048)
def _terms_of_tag(tag: str) -> frozenset[str]:
    """Return the stems of a tag and, where it has several words, the tag as a whole."""
    words = words_of(tag)
    return frozenset([*map(stem, words), *([" ".join(words)] if len(words) > 1 else ())])


@lru_cache(maxsize=2048)
def _terms_of_type(product_type: str) -> frozenset[str]:
    return frozenset(map(stem, words_of(product_type)))


def _words_of_products(ids: Sequence[int]) -> Iterator[tuple[int, Words]]:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        tags: dict[int, list[str]] = defaultdict(list)
        for number, tag in read(_TAGS, ids=some):
            tags[number].append(tag)
        for number, title, product_type, body in read(_TEXTS, ids=some):
            yield number, _weighed(title, product_type, body, tags[number])


def _weighed(title: str, product_type: str, body: str, tags: Iterable[str]) -> Words:
    """Return the terms by what they are worth: a word counts where it stands best."""
    words: dict[int, frozenset[str]] = {}
    words[TITLE] = frozenset(map(stem, words_of(title)))
    words[TAG] = frozenset().union(*map(_terms_of_tag, tags)) - words[TITLE]
    words[TYPE] = _terms_of_type(product_type) - words[TITLE] - words[TAG]
    words[BODY] = frozenset(map(stem, words_of(body))).difference(*words.values())
    return words
