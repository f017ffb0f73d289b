"""Puts search results in order by one pure function, the same for every database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.catalog.words import stem

TITLE, TAG, TYPE, ELSEWHERE = 12, 6, 5, 1
"""What a hit is worth by the place where it stands."""
EXACT, STEMMED, BEGINNING = 4, 3, 2
"""What it is worth by how much of the word was named."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that holds all terms, with the indexed words of its short fields."""

    product_id: int
    title: Sequence[str]
    tags: Sequence[str]
    product_type: Sequence[str]


def rank(terms: Sequence[str], candidates: Iterable[Candidate]) -> list[int]:
    """Return product ids, best first; of equals the newer product comes first."""
    scored = [(-_score(terms, found), -found.product_id) for found in candidates]
    return [-negated for _, negated in sorted(scored)]


def _score(terms: Sequence[str], found: Candidate) -> int:
    hits = sum(_best_hit(term, found) for term in terms)
    in_title = sum(_closeness(term, found.title) > 0 for term in terms)
    # A title that says all of it, and little else, is what was meant.
    complete = 30 if in_title == len(terms) else 0
    return 10 * (hits + complete) - min(9, len(found.title))


def _best_hit(term: str, found: Candidate) -> int:
    return max(
        TITLE * _closeness(term, found.title),
        TAG * _closeness(term, found.tags),
        TYPE * _closeness(term, found.product_type),
        # What is nowhere in the short fields and was found all the same stands in the text.
        ELSEWHERE,
    )


def _closeness(term: str, words: Sequence[str]) -> int:
    if term in words:
        return EXACT
    if stem(term) in words:
        return STEMMED
    return BEGINNING if any(word.startswith(term) for word in words) else 0
