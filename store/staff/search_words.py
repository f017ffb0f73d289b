"""What staff say means the same to whoever searches: line by line, written down and undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from store.catalog.guessing import Guess, guess
from store.catalog.presenting import ProductCard
from store.catalog.queries import cards_for
from store.catalog.searching import search, terms_of
from store.catalog.sought import Term, sought
from store.catalog.synonyms import (
    add_synonyms,
    meanings,
    own_line,
    remove_synonyms,
    synonym_lines,
)
from store.clock import Clock
from store.errors import ConflictError
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry

KIND = "search_words"
FIELD = "alike"
MOST_SHOWN = 12


class LineStandsError(ConflictError):
    """Staff said so before."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that a search finds, and whether only words that mean the same find it."""

    card: ProductCard
    is_alike: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What a reader who types this finds now."""

    query: str
    terms: tuple[Term, ...]
    hits: tuple[Hit, ...]
    total: int
    guessed: Guess | None
    """Near words that find more; readers see what these find where the others find nothing."""

    @property
    def is_guessed(self) -> bool:
        return self.guessed is not None and not self.total


def add_line(text: str, actor: Actor, clock: Clock) -> str:
    """Let words mean the same; flushes only. Raises SynonymRefusedError, LineStandsError."""
    line = own_line(text)
    if not add_synonyms(line):
        raise LineStandsError(line)
    record(
        actor,
        "search_words.added",
        _thing(line),
        clock=clock,
        before={FIELD: ""},
        after={FIELD: line},
    )
    return line


def remove_line(line: str, actor: Actor, clock: Clock) -> bool:
    """Take a line away and return whether it stood; what is gone leaves no entry. Flushes only."""
    if not remove_synonyms(line):
        return False
    record(
        actor,
        "search_words.removed",
        _thing(line),
        clock=clock,
        before={FIELD: line},
        after={FIELD: ""},
    )
    return True


def tried(query: str, *, now: datetime) -> Tried | None:
    """Return what these words find with every line that stands; None where nothing was typed."""
    words = terms_of(query)
    if not words:
        return None
    known = meanings(synonym_lines())
    found = search(query, now=now, known=known)
    guessed = guess(query, len(found), now=now, known=known)
    shown = found or (guessed.product_ids if guessed else ())
    plainly = frozenset(search(query, now=now, known={})) if found else frozenset(shown)
    return Tried(
        query=query,
        terms=sought(words, known),
        hits=tuple(
            Hit(card, is_alike=card.product_id not in plainly)
            for card in cards_for(shown[:MOST_SHOWN], now=now)
        ),
        total=len(found),
        guessed=guessed,
    )


class SearchWordsUndo:
    """Puts back a line that was removed, or takes away one that was added."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        line = _line_of(entry.before) or _line_of(entry.after)
        return {FIELD: line if line in synonym_lines() else ""}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        if values[FIELD]:
            add_synonyms(values[FIELD])
        else:
            remove_synonyms(_line_of(entry.after))


def _line_of(values: Mapping[str, object] | None) -> str:
    return str((values or {}).get(FIELD, ""))


def _thing(line: str) -> Thing:
    return Thing(KIND, sha256(line.encode()).hexdigest(), line)
