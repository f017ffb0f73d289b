"""Weighs the words of a headline that no list holds: a logistic regression over what it says."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from store.catalog.words import stem, words_of
from store.widget.stories import Story

FILE = Path(__file__).with_name("weights.json")
"""Written by `python -m bench.weighing`: hundredths of log-odds by feature."""
SENSES = Path(__file__).with_name("senses.toml")
"""What words have in common, so that what is learned of one holds for its like."""
PER_UNIT = 100
LONG_TITLE = 10
SHORTEST_TOLD = 4
SHAPES = {
    "years of a life": re.compile(r"\b(?:1[89]|20)\d\d\s?[–-]\s?(?:1[89]|20)\d\d"),
    "an age": re.compile(r", \d{1,3}(?=[,:;. ]|$)"),
    "begins with words of somebody": re.compile(r"^[‘'“\"]"),
    "words of somebody": re.compile(r"[‘'“\"]"),
    "a figure": re.compile(r"\d"),
    "two halves": re.compile(r":"),
    "a question": re.compile(r"\?"),
    "a full name": re.compile(r"(?<=.)\b[A-Z][a-z]+ [A-Z][a-z]+"),
    "speaks of us": re.compile(r"\b(?:I|my|me|we|our)\b"),
    "speaks of them": re.compile(r"\b(?:he|she|her|him|his|their|they)\b"),
}
"""How a headline is made tells as well: obituaries say years, profiles quote."""

Features = Mapping[str, float]


def features_of(story: Story) -> dict[str, float]:
    """Return what is counted of a story: its words, pairs of them, where they stand, its shape."""
    named = dict.fromkeys(_named(story), 1.0)
    return {**named, "length": len(story.title.split()) / LONG_TITLE}


def log_odds(features: Features) -> float:
    """Return how much the features speak for grief: from 0 on nothing is sold."""
    weights = _weights()
    return weights["bias"] + sum(
        weights.get(feature, 0) * value for feature, value in features.items()
    )


def telling_words(story: Story, *, most: int) -> tuple[str, ...]:
    """Return the words of a story that speak for grief, in its order, the heaviest alone."""
    weights = _weights()
    words = (*words_of(story.title), *words_of(" ".join(story.tags)))
    # An editor learns nothing from “of” and “her”, whatever they weigh.
    said = dict.fromkeys(word for word in words if len(word) >= SHORTEST_TOLD)
    heavy = sorted(said, key=lambda word: -weights.get(f"word {stem(word)}", 0))[:most]
    return tuple(word for word in said if word in heavy)


def _named(story: Story) -> Iterator[str]:
    title = [stem(word) for word in words_of(story.title)]
    tags = [stem(word) for word in words_of(" ".join(story.tags))]
    yield from _prefixed("word", (*title, *tags))
    yield from (f"pair {first} {second}" for first, second in pairwise(title))
    yield from _prefixed("section", map(stem, words_of(story.section)))
    yield from _prefixed("tag", tags)
    senses = (sense for word in (*title, *tags) for sense in _senses().get(word, ()))
    yield from _prefixed("sense", senses)
    yield from _prefixed("shape", (n for n, shape in SHAPES.items() if shape.search(story.title)))


def _prefixed(kind: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{kind} {name}" for name in names)


@cache
def _senses() -> dict[str, tuple[str, ...]]:
    senses: dict[str, tuple[str, ...]] = {}
    for sense, words in tomllib.loads(SENSES.read_text(encoding="utf-8")).items():
        for word in {stem(word) for word in words.split()}:
            senses[word] = (*senses.get(word, ()), sense)
    return senses


@cache
def _weights() -> dict[str, float]:
    read: dict[str, int] = json.loads(FILE.read_text(encoding="utf-8"))
    return {feature: hundredths / PER_UNIT for feature, hundredths in read.items()}
