"""Says which products go with one: a pure ranking by what they share with it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from math import fsum

from store.catalog.words import stem, words_of

COLLECTION, TYPE, TAG, WORD = 3.0, 2.0, 6.0, 5.0
"""What it is worth to share a section, a type, a tag and a word of the title; the two last are
worth less the more candidates share them."""
SHORTEST_WORD = 4
MOST_OF_A_TYPE = 2
"""Four mugs beside a shirt are a shelf and no outfit."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The product that others are compared with."""

    product_id: int
    title: str
    product_type: str
    tags: tuple[str, ...]


@dataclass(slots=True)
class Neighbour:
    """A candidate, with what it was found by."""

    product_id: int
    title: str
    product_type: str
    collections: set[int] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Kinship:
    """Candidates in two orders, best first: of the same type, and of others."""

    alike: tuple[int, ...]
    companions: tuple[int, ...]


def kinship(subject: Subject, neighbours: Sequence[Neighbour]) -> Kinship:
    """Rank the candidates; of equals the newer product comes first."""
    own_words = _title_words(subject.title)
    shared = [n.tags | (_title_words(n.title) & own_words) for n in neighbours]
    worth = {
        trait: (WORD if trait in own_words else TAG) / sharing
        for trait, sharing in Counter(chain.from_iterable(shared)).items()
    }
    scored = [
        (_score(subject, n, map(worth.__getitem__, traits)), n.product_id, n)
        for n, traits in zip(neighbours, shared, strict=True)
    ]
    alike, others = list[Neighbour](), list[Neighbour]()
    for _, _, neighbour in sorted(scored, reverse=True):
        (alike if _is_alike(subject, neighbour) else others).append(neighbour)
    return Kinship(tuple(n.product_id for n in alike), _mixed(others))


def _score(subject: Subject, neighbour: Neighbour, shared: Iterable[float]) -> float:
    same_type = TYPE if _is_alike(subject, neighbour) else 0.0
    # Rounded, so that no order of adding up tells equals apart.
    return round(fsum((COLLECTION * len(neighbour.collections), same_type, *shared)), 6)


def _is_alike(subject: Subject, neighbour: Neighbour) -> bool:
    return bool(subject.product_type) and neighbour.product_type == subject.product_type


@lru_cache(maxsize=4096)
def _title_words(title: str) -> frozenset[str]:
    """Return the stems of a title, marked, so that no tag of the same name is one of them."""
    return frozenset(
        f"title:{stem(word)}" for word in words_of(title) if len(word) >= SHORTEST_WORD
    )


def _mixed(ranked: Iterable[Neighbour]) -> tuple[int, ...]:
    """Let no type stand more than twice before what is beyond has had its turn."""
    seen: dict[str, int] = defaultdict(int)
    first: list[int] = []
    later: list[int] = []
    for neighbour in ranked:
        seen[neighbour.product_type] += 1
        is_enough = neighbour.product_type and seen[neighbour.product_type] > MOST_OF_A_TYPE
        (later if is_enough else first).append(neighbour.product_id)
    return (*first, *later)
