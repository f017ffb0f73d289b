"""Finds listed phrases in folded words: * stands for any ending of a word, _ for any word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

GAP = "·"
"""Stands between the parts of a text and where a phrase was taken out: nothing matches across."""
Phrase = tuple[str, ...]


class Phrases:
    """A list of phrases, looked up by their first word: a long list costs no more than a short."""

    def __init__(self, lists: Iterable[str]) -> None:
        self._by_word: dict[str, list[Phrase]] = defaultdict(list)
        self._by_beginning: dict[str, list[Phrase]] = defaultdict(list)
        written = {tuple(phrase.split()) for text in lists for phrase in re.split(r"[|\n]", text)}
        # Longest first: "hate crime" is found before "hate".
        for phrase in sorted(written - {()}, key=lambda phrase: (-len(phrase), phrase)):
            first = phrase[0]
            if first == "_" or first.endswith("*"):
                self._by_beginning[first.rstrip("*_")].append(phrase)
            else:
                self._by_word[first].append(phrase)
        self._lengths = sorted(set(map(len, self._by_beginning)))

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield where phrases begin and end, from the left, none over another."""
        start = 0
        while start < len(words):
            length = self._longest_at(words, start)
            if length:
                yield start, start + length
            start += length or 1

    def cut_out(self, words: Sequence[str]) -> list[str]:
        """Return the words with a gap in the place of each phrase."""
        left, last = list[str](), 0
        for start, end in self.find(words):
            left += [*words[last:start], GAP]
            last = end
        return [*left, *words[last:]]

    def holds(self, words: Sequence[str]) -> bool:
        """Whether these words, no more and no less, are a phrase of the list."""
        return self._longest_at(words, 0) == len(words)

    def _longest_at(self, words: Sequence[str], start: int) -> int:
        longest = 0
        for phrase in self._beginning_at(words[start]):
            if len(phrase) > longest and _is(phrase, words, start):
                longest = len(phrase)
        return longest

    def _beginning_at(self, word: str) -> list[Phrase]:
        found = [*self._by_word.get(word, ())]
        for length in self._lengths:
            if length > len(word):
                break
            found += self._by_beginning.get(word[:length], ())
        return found


def _is(phrase: Phrase, words: Sequence[str], start: int) -> bool:
    if start + len(phrase) > len(words):
        return False
    return all(map(_fits, phrase, words[start : start + len(phrase)]))


def _fits(pattern: str, word: str) -> bool:
    if word == GAP:
        return False
    if pattern == "_":
        return True
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
