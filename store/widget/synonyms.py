"""What stories say and what products say of the same thing: our own table, and the staff's."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from store.catalog.words import stem, words_of

FILE = Path(__file__).with_name("synonyms.toml")
LONGEST_PHRASE = 4
Meanings = Mapping[str, Sequence[tuple[str, ...]]]
"""What a stemmed phrase of a story may mean: lists of product terms, the closest first."""


def stemmed(text: str) -> str:
    return " ".join(map(stem, words_of(text)))


def product_term(text: str) -> str:
    """Return a term as the lexicon knows it: a stem, or a whole tag of several words."""
    words = words_of(text)
    return " ".join(words) if len(words) > 1 else stem(words[0]) if words else ""


def meanings(of_staff: Sequence[tuple[str, str]] = ()) -> Meanings:
    """Return our own table and, before it, what the staff says that words mean."""
    if not of_staff:
        return _built_in()
    own = _gathered(([word], [means]) for word, means in of_staff)
    return {
        phrase: [*own.get(phrase, ()), *_built_in().get(phrase, ())]
        for phrase in {**_built_in(), **own}
    }


@cache
def plain_words() -> frozenset[str]:
    """Return folded words that tell nothing of what a story is about."""
    return frozenset(_table()["plain"].split())


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _built_in() -> Meanings:
    topics = _table()["topic"]
    return _gathered((_parts(topic["says"]), _parts(topic["means"])) for topic in topics)


def _gathered(topics: Iterable[tuple[list[str], list[str]]]) -> Meanings:
    found: dict[str, list[tuple[str, ...]]] = {}
    for says, means in topics:
        terms = tuple(filter(None, map(product_term, means)))
        for phrase in dict.fromkeys(filter(None, map(stemmed, says))):
            found.setdefault(phrase, []).append(terms)
    return found


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|\n]", text) if part.strip()]
