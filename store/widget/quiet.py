"""Decides under which stories nothing is sold: deaths, disasters, crime, layoffs; in doubt none."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from store.catalog.words import words_of
from store.widget.stories import Story

FILE = Path(__file__).with_name("quiet.toml")
CONTEXTS = ("rights", "fiction", "play")
GAP = " · "
"""Stands between the parts of a story and where a phrase was taken out: nothing matches across."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The list as patterns over folded words with one space between them."""

    innocent: re.Pattern[str]
    topics: re.Pattern[str]
    contexts: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """What a page is about, and which words mean something else there."""
    grave: re.Pattern[str]


def quiet_words(story: Story, staff_topics: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the words for which nothing stands under this story; empty where something may.

    Phrases that only sound sad are taken out first. Words of law are passed over where the story
    is about a right, words of plots and matches on the pages of arts and sport, unless something
    grave is said as well.
    """
    text = _text(story)
    own = [topic for topic in map(_folded, staff_topics) if topic and f" {topic} " in text]
    if own:
        return (own[0],)
    rules = _rules()
    text = rules.innocent.sub(GAP, text)
    found = _found(rules.topics, text)
    if not found or _found(rules.grave, text):
        return tuple(found)
    for about, softened in rules.contexts:
        if about.search(text):
            found = [words for words in found if not _is_in(softened, words)]
    return tuple(found)


def slug_of(url: str) -> str:
    """Return the words of an address: what a headline was when the story was filed."""
    return re.sub(r"[\W_]+", " ", unquote(urlsplit(url).path))


def _text(story: Story) -> str:
    parts = (story.title, slug_of(story.url), story.section, *story.tags)
    return GAP.join(f" {_folded(part)} " for part in parts)


def _folded(text: str) -> str:
    return " ".join(words_of(text))


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(match[0].strip() for match in pattern.finditer(text)))


def _is_in(pattern: re.Pattern[str], words: str) -> bool:
    match = pattern.search(f" {words} ")
    return match is not None and match[0] == words


@cache
def _rules() -> Rules:
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Rules(
        innocent=_pattern([listed["innocent"]]),
        topics=_pattern([topic["words"] for topic in listed["topic"]]),
        contexts=tuple(
            (_pattern([listed[name]["about"]]), _pattern([listed[name]["softens"]]))
            for name in CONTEXTS
        ),
        grave=_pattern([listed["grave"]["words"]]),
    )


def _pattern(lists: Sequence[Any]) -> re.Pattern[str]:
    phrases = {phrase.strip() for text in lists for phrase in re.split(r"[|\n]", text)} - {""}
    # Longest first: "hate crime" is found before "hate".
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<=\s)(?:{'|'.join(map(_written, ordered))})(?=\s)")


def _written(phrase: str) -> str:
    return " ".join(
        r"\w+" if word == "_" else re.escape(word).replace(r"\*", r"\w*") for word in phrase.split()
    )
