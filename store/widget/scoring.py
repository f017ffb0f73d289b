"""How well products fit what a story speaks of: the rarer a word, the louder it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from math import log

from store.widget.lexicon import Lexicon
from store.widget.speech import Speech

MOST_TERMS = 24
MOST_POSTINGS = 2_500
"""Of all terms together: the rarest are read first, and a query stays short on any catalogue."""
FLOOR = 9.0
"""What fits less than this does not stand under a story."""
SMALLEST = 30
CLOSELY = 80
SAME = 1e-6
"""Scores that differ by less are equal: equals are told apart by what is stable."""


@dataclass(slots=True)
class Found:
    """A product with what speaks for it, by the words of the story."""

    score: float = 0.0
    by_words: dict[str, float] = field(default_factory=dict)

    def hear(self, words: str, worth: float) -> None:
        # A second word of the same meaning adds, but not as much as a second meaning.
        if words in self.by_words:
            worth *= 0.5
        self.score += worth
        self.by_words[words] = self.by_words.get(words, 0.0) + worth

    def loudest_words(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_words, key=lambda w: (-round(self.by_words[w], 6), w)))


def scored(speech: Speech, lexicon: Lexicon) -> dict[int, Found]:
    """Return the products that the loudest words speak for and that fit well enough."""
    terms = _affordable(speech, lexicon)
    spoken = {term: list(lexicon.postings(term)) for term in terms}
    found = {number: Found() for number in _best(terms, spoken)}
    for term, loudness in terms.items():
        for worth, ids in spoken[term]:
            for number in found.keys() & ids:
                found[number].hear(speech.words[term], loudness * worth)
    return {number: product for number, product in found.items() if product.score >= FLOOR}


def _best(
    terms: Mapping[str, float], spoken: Mapping[str, Iterable[tuple[int, Iterable[int]]]]
) -> list[int]:
    """Return the products that are worth a closer look, by all that speaks for them."""
    rough: dict[int, float] = {}
    so_far = rough.get
    # Every process adds up the same numbers in the same order: the order of the terms.
    for term, loudness in terms.items():
        for worth, ids in spoken[term]:
            said = loudness * worth
            for number in ids:
                rough[number] = so_far(number, 0.0) + said
    # A closer look never finds more in a product.
    least = max([FLOOR, *nlargest(CLOSELY, rough.values())[-1:]]) - SAME
    best = [(-round(score, 6), number) for number, score in rough.items() if score >= least]
    # Of equals the older product comes first.
    return [number for _, number in sorted(best)[:CLOSELY]]


def _affordable(speech: Speech, lexicon: Lexicon) -> dict[str, float]:
    """Return the loudest terms, the rarer the louder, as far as their postings may be read."""
    # In a shop of five things each word is common, and says as much as in a shop of thirty.
    number, left = max(len(lexicon), SMALLEST), MOST_POSTINGS
    terms: dict[str, float] = {}
    for term, frequency in _rarest(speech, lexicon):
        left -= frequency
        if left < 0:
            break
        terms[term] = speech.loudness[term] * log(1 + number / frequency)
    return terms


def _rarest(speech: Speech, lexicon: Lexicon) -> list[tuple[str, int]]:
    frequencies = {term: lexicon.frequency(term) for term in speech.loudness}
    telling = [pair for pair in frequencies.items() if lexicon.tells_apart(pair[1])]
    loudest = sorted(telling, key=lambda pair: (-speech.loudness[pair[0]] / pair[1], pair[0]))
    return loudest[:MOST_TERMS]
