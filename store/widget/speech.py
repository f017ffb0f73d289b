"""What a story speaks of: its own words, and what they mean by the table of meanings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from store.catalog.words import stem, words_of
from store.widget.quiet import slug_of
from store.widget.stories import Story
from store.widget.synonyms import LONGEST_PHRASE, Meanings, plain_words

HEADLINE, TAGS, SECTION, SLUG = 1.2, 2.4, 0.8, 0.5
"""What a word of the story is worth by the place where it stands."""
CLOSENESS = (1.0, 0.7, 0.5, 0.4)
"""What a meaning is worth: the first that a topic lists is the closest."""
TOPIC = 0.75
"""What is meant is worth a little less than what is said."""
INSIDE = 0.5
"""What a word is worth that is a part of a known phrase: press freedom is no printing press."""

_SPELLED = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")


@dataclass(slots=True)
class Speech:
    """What a story says of products: how loudly by term, and in which of its own words."""

    loudness: dict[str, float] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def say(self, term: str, loudness: float, words: str) -> None:
        if loudness > self.loudness.get(term, 0.0):
            self.loudness[term], self.words[term] = loudness, words


def speech_of(story: Story, known: Meanings) -> Speech:
    """Return what a story speaks of: its own words, and what our table says that they mean."""
    speech = Speech()
    _listen(speech, story.title, HEADLINE, known)
    for tag in story.tags:
        _listen(speech, tag, TAGS, known)
    _listen(speech, story.section, SECTION, known)
    _listen(speech, slug_of(story.url), SLUG, known)
    return speech


def _listen(speech: Speech, text: str, loudness: float, known: Meanings) -> None:
    spelled, folded = _tokens(text)
    stems, plain = list(map(stem, folded)), plain_words()
    inside = _inside_phrases(stems, known)
    for start, word in enumerate(folded):
        if word not in plain and len(word) > 1:
            speech.say(stems[start], loudness * inside[start], spelled[start])
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(folded)) + 1):
            meant = known.get(" ".join(stems[start:end]), ())
            if not meant and end == start + 1:
                continue
            words = " ".join(spelled[start:end])
            clear = loudness * TOPIC * (inside[start] if end == start + 1 else 1)
            for terms in meant:
                for term, closeness in zip(terms, _closeness(), strict=False):
                    speech.say(term, clear * closeness, words)
            if end > start + 1:
                speech.say(" ".join(folded[start:end]), loudness, words)


def _inside_phrases(stems: Sequence[str], known: Meanings) -> list[float]:
    """Return what each word is worth alone: less where it is a part of a phrase that is known."""
    worth = [1.0] * len(stems)
    for start in range(len(stems)):
        for end in range(start + 2, min(start + LONGEST_PHRASE, len(stems)) + 1):
            if " ".join(stems[start:end]) in known:
                worth[start:end] = [INSIDE] * (end - start)
    return worth


def _closeness() -> Iterator[float]:
    yield from CLOSENESS
    while True:
        yield CLOSENESS[-1]


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text as they are spelled, and each in its folded form."""
    spelled, folded = list[str](), list[str]()
    for place, word in enumerate(_SPELLED.findall(text)):
        forms = _folded(word)
        shown = word.lower() if place == 0 and word[1:].islower() else word
        spelled += [shown] * len(forms)
        folded += forms
    return spelled, folded


# News come back to the same words.
@lru_cache(maxsize=4096)
def _folded(word: str) -> tuple[str, ...]:
    return tuple(words_of(word))
