"""Finds listed phrases in folded words: * is any ending of a word, _ any word, # any number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

GAP = "·"
"""Stands between the parts of a text and where a phrase was taken out: nothing matches across."""
ANY, NUMBER = "_", "#"
HEAD = 2
"""By how many letters the beginnings of words are looked up; each has as many."""
NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
    " hundreds dozen dozens scores several both one".split()
)
Phrase = tuple[str, ...]
Span = tuple[int, int]


class Phrases:
    """Lists of phrases by name, looked for all at once: long lists cost no more than short ones."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        self._names: dict[Phrase, tuple[str, ...]] = {}
        self._by_word: dict[tuple[str, str], list[Phrase]] = defaultdict(list)
        self._by_beginning: dict[str, list[Phrase]] = defaultdict(list)
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for name, text in lists.items():
            for phrase in dict.fromkeys(tuple(part.split()) for part in re.split(r"[|\n]", text)):
                if phrase:
                    self._names[phrase] = (*self._names.get(phrase, ()), name)
        for phrase in self._names:
            first, second = phrase[0], phrase[1] if len(phrase) > 1 else ANY
            if first.endswith("*"):
                self._by_beginning[first[:-1]].append(phrase)
            else:
                self._by_word[first, ANY if _is_pattern(second) else second].append(phrase)

        for beginning in self._by_beginning:
            self._by_head[beginning[:HEAD]].append(beginning)

    def find(self, words: Sequence[str]) -> dict[str, list[Span]]:
        """Return where the phrases of each list stand, longest first, none over another."""
        found: dict[str, list[Span]] = {}
        for start in range(len(words)):
            for name, end in self._longest_at(words, start).items():
                spans = found.setdefault(name, [])
                if not spans or spans[-1][1] <= start:
                    spans.append((start, end))
        return found

    def lists_with(self, phrase: Sequence[str]) -> set[str]:
        """Return the lists on which these words, no more and no less, are a phrase."""
        at_once = self._longest_at(phrase, 0)
        return {name for name, end in at_once.items() if end == len(phrase)}

    def _longest_at(self, words: Sequence[str], start: int) -> dict[str, int]:
        longest: dict[str, int] = {}
        second = words[start + 1] if start + 1 < len(words) else GAP
        for phrase in self._beginning_at(words[start], second):
            end = start + len(phrase)
            if end <= len(words) and all(map(_fits, phrase, words[start:end])):
                for name in self._names[phrase]:
                    longest[name] = max(end, longest.get(name, 0))
        return longest

    def _beginning_at(self, word: str, second: str) -> Iterator[Phrase]:
        for first in (word, NUMBER, ANY) if _is_number(word) else (word, ANY):
            yield from self._by_word.get((first, second), ())
            yield from self._by_word.get((first, ANY), ())
        for beginning in self._by_head.get(word[:HEAD], ()):
            if word.startswith(beginning):
                yield from self._by_beginning[beginning]


def without(words: Sequence[str], spans: Iterable[Span]) -> list[str]:
    """Return the words with a gap in the place of each span."""
    left, last = list[str](), 0
    for start, end in spans:
        left += [*words[last:start], GAP]
        last = end
    return [*left, *words[last:]]


def _fits(pattern: str, word: str) -> bool:
    if word == GAP:
        return False
    if pattern == word:
        return True
    if pattern == NUMBER:
        return _is_number(word)
    return pattern == ANY or (pattern.endswith("*") and word.startswith(pattern[:-1]))


def _is_pattern(word: str) -> bool:
    return word in {ANY, NUMBER} or word.endswith("*")


def _is_number(word: str) -> bool:
    return word.isdigit() or word in NUMBERS
