"""What a query asks for: terms, each with all the phrases by which a product may answer to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from store.catalog.synonyms import LONGEST_PHRASE, Meanings, Phrase, meaning_key
from store.catalog.words import words_of

LONGEST_QUERY = 200
MOST_TERMS = 12
MOST_ALIKE = 6


@dataclass(frozen=True, slots=True)
class Term:
    """Words that were typed together, how else they are spelled, and what else means the same."""

    typed: Phrase
    spelled: Phrase = ()
    """In one word what was typed in two, such as tshirt; empty where there is no such form."""
    alike: tuple[Phrase, ...] = ()

    @property
    def forms(self) -> tuple[Phrase, ...]:
        return (self.typed, self.spelled) if self.spelled else (self.typed,)


def terms_of(q: str) -> list[str]:
    """Return the words of a query that count, each once."""
    return list(dict.fromkeys(words_of(q[:LONGEST_QUERY])))[:MOST_TERMS]


def sought(words: Sequence[str], meanings: Meanings) -> tuple[Term, ...]:
    """Return what these words ask for; words that mean something together are one term."""
    return tuple(_terms(words, meanings))


def _terms(words: Sequence[str], meanings: Meanings) -> Iterator[Term]:
    start = 0
    while start < len(words):
        length = _length(words[start:], meanings)
        phrase = tuple(words[start : start + length])
        spelled = ("".join(phrase),) if length > 1 else ()
        yield Term(phrase, spelled, tuple(meanings.get(meaning_key(phrase), ())[:MOST_ALIKE]))
        start += length


def _length(words: Sequence[str], meanings: Meanings) -> int:
    """Return how many words belong together: those of a known phrase, or a letter and its word."""
    longest = min(LONGEST_PHRASE, len(words))
    known = (n for n in range(longest, 1, -1) if meaning_key(words[:n]) in meanings)
    is_letter = len(words) > 1 and len(words[0]) == 1 and len(words[1]) > 1
    return next(known, 2 if is_letter else 1)
