"""Finds listed phrases in folded words: * is any ending of a word, _ any word, # any number."""

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

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
MOST_LOOKS = 2**17
_BREAK = re.compile(r"[|\n]")
Span = tuple[int, int]


class Phrases:
    """Lists of phrases by name, looked for all at once: long lists cost no more than short ones."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        names: dict[str, list[str]] = defaultdict(list)
        for name, text in lists.items():
            for phrase in dict.fromkeys(" ".join(part.split()) for part in _BREAK.split(text)):
                if phrase:
                    names[phrase].append(name)
        beginnings: dict[str, list[str]] = defaultdict(list)
        for phrase, named in names.items():
            beginnings[_beginning_of(phrase)].append(f"{','.join(named)} {phrase}")
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for beginning in beginnings:
            if beginning.endswith("*"):
                self._by_head[beginning[:HEAD]].append(beginning[:-1])
        self._lines = _Lines(beginnings)

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
        for line in self._beginning_at(words[start], second):
            names, *phrase = line.split(" ")
            end = start + len(phrase)
            if end <= len(words) and all(map(_fits, phrase, words[start:end])):
                for name in names.split(","):
                    longest[name] = max(end, longest.get(name, 0))
        return longest

    def _beginning_at(self, word: str, second: str) -> Iterator[str]:
        lines = self._lines
        for first in (word, NUMBER, ANY) if _is_number(word) else (word, ANY):
            yield from lines.of(f"{first} {second}")
            yield from lines.of(f"{first} {ANY}")
        for beginning in self._by_head.get(word[:HEAD], ()):
            if word.startswith(beginning):
                yield from lines.of(f"{beginning}*")


class _Lines:
    """Some lines for each key, in one piece: as objects they weigh seven times as much."""

    def __init__(self, lines: Mapping[str, Sequence[str]]) -> None:
        keyed = {hash(key): "\n".join(found) for key, found in lines.items()}
        self._keys = array("q", sorted(keyed))
        self._ends = array("I", accumulate(len(keyed[key]) for key in self._keys))
        self._text = "".join(keyed[key] for key in self._keys)
        # Most words begin no phrase, and a look here says so sooner than a search.
        self._may_be = bytearray(MOST_LOOKS)
        for key in self._keys:
            self._may_be[key % MOST_LOOKS] = 1

    def of(self, key: str) -> Sequence[str]:
        hashed, keys = hash(key), self._keys
        if not self._may_be[hashed % MOST_LOOKS]:
            return ()
        at = bisect_left(keys, hashed)
        if at == len(keys) or keys[at] != hashed:
            return ()
        return self._text[self._ends[at - 1] if at else 0 : self._ends[at]].split("\n")


def _beginning_of(phrase: str) -> str:
    """Return what a phrase is looked up by: its first two words, or how the first begins."""
    first, second, *_ = *phrase.split(), ANY
    if first.endswith("*"):
        return first
    return f"{first} {ANY if _is_pattern(second) else second}"


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
