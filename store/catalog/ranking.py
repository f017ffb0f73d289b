"""Puts search results in order by one pure function, the same for every database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.catalog.sought import Term
from store.catalog.synonyms import Phrase
from store.catalog.words import stem

TITLE, TAG, TYPE, ELSEWHERE = 12, 6, 5, 1
"""What a hit is worth by the place where it stands."""
EXACT, STEMMED, BEGINNING, ALIKE = 8, 6, 4, 1
"""What it is worth by how much of the word was named; ALIKE where another word means the same."""
COMPLETE = 60
"""For a title that says all of it, and little else: that is what was meant."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that holds all terms, with the indexed words of its short fields."""

    product_id: int
    title: Sequence[str]
    tags: Sequence[str]
    product_type: Sequence[str]


def rank(terms: Sequence[Term], candidates: Iterable[Candidate]) -> list[int]:
    """Return product ids, best first; of equals the newer product comes first."""
    scored = [(-_score(terms, found), -found.product_id) for found in candidates]
    return [-negated for _, negated in sorted(scored)]


def _score(terms: Sequence[Term], found: Candidate) -> int:
    in_title = [_closeness(term, found.title) for term in terms]
    hits = sum(
        _best_hit(term, TITLE * closeness, found)
        for term, closeness in zip(terms, in_title, strict=True)
    )
    complete = COMPLETE if min(in_title) > ALIKE else 0
    return 5 * (hits + complete) - min(9, len(found.title))


def _best_hit(term: Term, in_title: int, found: Candidate) -> int:
    if in_title >= TAG * EXACT:
        return in_title
    return max(
        in_title,
        TAG * _closeness(term, found.tags),
        TYPE * _closeness(term, found.product_type),
        # What is nowhere in the short fields and was found all the same stands in the text.
        2 * ELSEWHERE,
    )


def _closeness(term: Term, words: Sequence[str]) -> int:
    typed = max(min(_hit(word, words) for word in form) for form in term.forms)
    if typed or not term.alike:
        return typed
    return ALIKE if any(_stands(phrase, words) for phrase in term.alike) else 0


def _stands(phrase: Phrase, words: Sequence[str]) -> bool:
    return all(stem(word) in words for word in phrase)


def _hit(word: str, words: Sequence[str]) -> int:
    if word in words:
        return EXACT
    if stem(word) in words:
        return STEMMED
    is_begun = len(word) > 1 and any(one.startswith(word) for one in words)
    return BEGINNING if is_begun else 0
