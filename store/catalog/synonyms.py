"""Words that mean the same to whoever searches the shop: our own table, and the staff's."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select

from store.catalog.models import SearchSynonym
from store.catalog.words import stem, words_of
from store.database import bump_public_version, db, insert_into
from store.errors import InvalidError
from store.statements import read

FILE = Path(__file__).with_name("synonyms.toml")
LONGEST_LINE = 400
LONGEST_PHRASE = 3
Phrase = tuple[str, ...]
Meanings = Mapping[str, Sequence[Phrase]]
"""By the stems of a phrase without spaces: other phrases for the same thing, as they are typed."""
_NEWEST_FIRST = select(SearchSynonym.words).order_by(SearchSynonym.id.desc())


class SynonymRefusedError(InvalidError):
    """A line names at least two things, each in one to three words."""


def meaning_key(words: Iterable[str]) -> str:
    """Return what a phrase is known by: tshirt for T-shirts as well as for a t shirt."""
    return "".join(map(stem, words))


def meanings(lines: Sequence[str]) -> Meanings:
    """Return our own table and, before it, what these lines of the staff say."""
    return _gathered((*lines, *own_groups())) if lines else _own_meanings()


def synonym_lines() -> list[str]:
    """Return the staff's own lines, the newest first."""
    return [words for (words,) in read(_NEWEST_FIRST)]


def own_line(text: str) -> str:
    """Return a line as it is kept. Raises SynonymRefusedError."""
    parts = list(dict.fromkeys(" ".join(part.split()).lower() for part in text.split(",")))
    phrases = {meaning_key(words): part for part in parts if (words := words_of(part))}
    is_long = any(len(words_of(part)) > LONGEST_PHRASE for part in phrases.values())
    line = ", ".join(phrases.values())
    if len(phrases) < 2 or is_long or len(line) > LONGEST_LINE:
        raise SynonymRefusedError("a line names two things or more, in a few words each")
    return line


def add_synonyms(line: str) -> bool:
    """Let these words mean the same; return whether that is new. Flushes only."""
    added = db.session.scalars(
        insert_into(SearchSynonym)
        .values(words=own_line(line))
        .on_conflict_do_nothing()
        .returning(SearchSynonym.id)
    ).all()
    if added:
        bump_public_version()
    return bool(added)


def remove_synonyms(line: str) -> bool:
    """Take a line away; return whether there was one. Flushes only."""
    removed = db.session.scalars(
        delete(SearchSynonym).where(SearchSynonym.words == line).returning(SearchSynonym.id)
    ).all()
    if removed:
        bump_public_version()
    return bool(removed)


def _gathered(lines: Iterable[str]) -> Meanings:
    found: dict[str, dict[Phrase, None]] = {}
    for line in lines:
        phrases = [phrase for part in line.split(",") if (phrase := _phrase(part))]
        for phrase in phrases:
            others = dict.fromkeys(other for other in phrases if other != phrase)
            found.setdefault(meaning_key(phrase), {}).update(others)
    return {key: tuple(others) for key, others in found.items()}


def _phrase(text: str) -> Phrase:
    """Return the words of a phrase; what a hyphen joins is one word, as the index keeps it."""
    return tuple(word for part in text.split() if (word := "".join(words_of(part))))


@cache
def own_groups() -> tuple[str, ...]:
    """Return our own table, line by line."""
    groups: list[str] = tomllib.loads(FILE.read_text(encoding="utf-8"))["groups"]
    return tuple(groups)


@cache
def _own_meanings() -> Meanings:
    return _gathered(own_groups())
