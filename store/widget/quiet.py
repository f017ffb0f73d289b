"""Decides under which stories nothing is sold: deaths, disasters, crime, layoffs; in doubt none."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from store.catalog.words import words_of
from store.widget.phrases import GAP, Phrases
from store.widget.stories import Story

FILE = Path(__file__).with_name("quiet.toml")
CONTEXTS = ("rights", "fiction", "play")


@dataclass(frozen=True, slots=True)
class Rules:
    """The list, ready to be looked for."""

    innocent: Phrases
    topics: Phrases
    contexts: tuple[tuple[Phrases, Phrases], ...]
    """What a page is about, and which words mean something else there."""
    grave: Phrases


def quiet_words(story: Story, staff_topics: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the words for which nothing stands under this story; empty where something may.

    Phrases that only sound sad are taken out first. Words of law are passed over where the story
    is about a right, words of plots and matches on the pages of arts and sport, unless something
    grave is said as well.
    """
    words = _words(story)
    text = f" {' '.join(words)} "
    for topic in staff_topics:
        if topic and f" {topic} " in text:
            return (topic,)
    rules = _rules()
    words = rules.innocent.cut_out(words)
    found = _found(rules.topics, words)
    if found and not _found(rules.grave, words):
        for about, softened in rules.contexts:
            if _found(about, words):
                found = [phrase for phrase in found if not softened.holds(phrase.split())]
    return tuple(found)


def slug_of(url: str) -> str:
    """Return the words of an address: what a headline was when the story was filed."""
    return re.sub(r"[\W_]+", " ", unquote(urlsplit(url).path))


def _words(story: Story) -> list[str]:
    parts = (story.title, slug_of(story.url), story.section, *story.tags)
    return [word for part in parts for word in (*words_of(part), GAP)]


def _found(phrases: Phrases, words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(words[start:end]) for start, end in phrases.find(words)))


@cache
def _rules() -> Rules:
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Rules(
        innocent=Phrases([listed["innocent"]]),
        topics=Phrases(topic["words"] for topic in listed["topic"]),
        contexts=tuple(
            (Phrases([listed[name]["about"]]), Phrases([listed[name]["softens"]]))
            for name in CONTEXTS
        ),
        grave=Phrases([listed["grave"]["words"]]),
    )
