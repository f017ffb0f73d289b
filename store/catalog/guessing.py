"""What somebody may have meant whose words find nothing, or little: words one slip away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise
from operator import ne

from store.catalog.searching import search_each, terms_of
from store.catalog.spelling import SHORTEST, near_words, slip
from store.catalog.synonyms import Meanings

FEW = 2
"""Where no more is found than this, a near word that finds far more is worth a mention."""
MORE = 3
"""How many times more it must find."""
MOST_TRIED = 5
MOST_NEAR = 3
_JOINED, _SPLIT = 1, 2
"""How likely a space was typed, or left out; on the scale of slips."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Other words and what they find, best first."""

    words: str
    product_ids: Sequence[int]


def guess(q: str, found: int, *, now: datetime, known: Meanings | None = None) -> Guess | None:
    """Return the likeliest other words that find more than this query did; two queries at most."""
    if found > FEW:
        return None
    terms = terms_of(q)
    tried = [words for _, words in sorted(set(_readings(terms)))[:MOST_TRIED]]
    if not tried:
        return None
    guesses = zip(tried, search_each(tried, now=now, known=known), strict=True)
    fitting = (Guess(" ".join(words), ids) for words, ids in guesses if len(ids) > found * MORE)
    return next(fitting, None)


def _readings(terms: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield other ways to read these terms, each with how unlikely the slip is."""
    joined = [first + second for first, second in pairwise(terms)]
    cut = [_cuts(term) for term in terms]
    near, words = near_words(terms, [*joined, *chain.from_iterable(chain.from_iterable(cut))])
    for at, term in enumerate(terms):
        before, after = tuple(terms[:at]), tuple(terms[at + 1 :])
        for word in near[term][:MOST_NEAR]:
            yield slip(term, word), (*before, word, *after)
        for halves in cut[at]:
            if words.issuperset(halves):
                yield _SPLIT, (*before, *halves, *after)
        if after and joined[at] in words:
            yield _JOINED, (*before, joined[at], *after[1:])
    closest = tuple(near[term][0] if near[term] else term for term in terms)
    if sum(map(ne, closest, terms)) > 1:
        yield _SPLIT, closest


def _cuts(term: str) -> list[tuple[str, str]]:
    return [(term[:at], term[at:]) for at in range(SHORTEST, len(term) - SHORTEST + 1)]
