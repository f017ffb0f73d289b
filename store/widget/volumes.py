"""One volume of the lexicon: which of some thousand products speak of which word, in few bytes."""

import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from operator import sub
from typing import NamedTuple

TITLE, TAG, TYPE, BODY = WORTHS = (6, 5, 4, 1)
"""What a word is worth by the place where it stands."""
SPAN = 8_192
"""Numbers of products in a volume: with what a word is worth, a place fits into two bytes."""
PACKED_FROM = 32
"""What fewer products speak of is too short to be packed."""
LEVEL = 6
MOST_READ = 1_024
"""Terms of volumes that stay unpacked."""

Words = Sequence[Iterable[str]]
"""The terms that one product speaks of, in the order of WORTHS."""
Key = int
"""A term, hashed: of two words in 64 bits nobody has seen that they are the same."""
Postings = Sequence[tuple[int, Sequence[int]]]
Posting = int
"""What the term is worth in a product, and by the last thirteen bits its place in the volume."""


class Told(NamedTuple):
    """What a product says, and a number that is another where it says anything else."""

    digest: int
    words: Words


def key_of(term: str) -> Key:
    return hash(term)


class Volume:
    """The postings of all its terms in one piece; it never changes.

    A dictionary of arrays would weigh ten times as much, for most terms have few products and most
    postings are of few terms: those lie packed, as the gaps from each to the next.
    """

    def __init__(self, told: Iterable[tuple[int, Told]] = ()) -> None:
        """Write what each product says, by its place, in the order of places."""
        spoken: dict[str, array[Posting]] = defaultdict(lambda: array("H"))
        self._digests = array("q")
        self.size = 0
        for place, (digest, words) in told:
            self._digests.extend([0] * (place + 1 - len(self._digests)))
            self._digests[place] = digest
            self.size += 1
            for index, terms in enumerate(words):
                posting = index * SPAN + place
                for term in terms:
                    spoken[term].append(posting)
        keyed = {key_of(term): postings for term, postings in spoken.items()}
        self._keys = array("q", sorted(keyed))
        self._counts = array("H", (len(keyed[key]) for key in self._keys))
        parts = [_packed(keyed[key]) for key in self._keys]
        self._ends = array("I", accumulate(map(len, parts)))
        self._text = b"".join(parts)

    def digest(self, place: int) -> int:
        """Return the number of what a product says; 0 where it says nothing."""
        return self._digests[place] if place < len(self._digests) else 0

    def count(self, key: Key) -> int:
        """Return how many products speak of a term."""
        keys = self._keys
        at = bisect_left(keys, key)
        return self._counts[at] if at < len(keys) and keys[at] == key else 0

    def postings(self, key: Key, *, first: int) -> Postings:
        """Return each worth that a term has, with the products in which it has it.

        The first is the number of the product whose place is 0.
        """
        return _read(self, key, first)

    def flat(self, key: Key) -> Sequence[Posting]:
        keys = self._keys
        at = bisect_left(keys, key)
        if at == len(keys) or keys[at] != key:
            return ()
        text = self._text[self._ends[at - 1] if at else 0 : self._ends[at]]
        return _unpacked(text, self._counts[at])


class AmendedVolume:
    """A volume and what some of its products have said since; it never changes either."""

    def __init__(self, volume: Volume, since: Mapping[int, Told | None]) -> None:
        """Take the places of products that say something else now; None where one is gone."""
        self.volume = volume
        self.since = since
        self._struck = frozenset(place for place in since if volume.digest(place))
        self._errata = Volume((p, told) for p, told in sorted(since.items()) if told is not None)
        self.size = volume.size - len(self._struck) + self._errata.size
        self._lost: dict[Key, int] = {}

    def digest(self, place: int) -> int:
        if place not in self.since:
            return self.volume.digest(place)
        return self._errata.digest(place)

    def count(self, key: Key) -> int:
        before = self.volume.count(key)
        if before and self._struck:
            before -= self._lost_of(key)
        return before + self._errata.count(key)

    def postings(self, key: Key, *, first: int) -> Postings:
        struck = self._struck
        before = [
            (worth, [number for number in numbers if number - first not in struck])
            for worth, numbers in self.volume.postings(key, first=first)
        ]
        return (*before, *self._errata.postings(key, first=first))

    def _lost_of(self, key: Key) -> int:
        """Return how many products spoke of a term that say something else now."""
        lost = self._lost.get(key)
        if lost is None:
            struck = self._struck
            lost = sum(posting % SPAN in struck for posting in self.volume.flat(key))
            self._lost[key] = lost
        return lost


# News come back to the same words, and most versions change no volume.
@lru_cache(maxsize=MOST_READ)
def _read(volume: Volume, key: Key, first: int) -> Postings:
    return tuple(_by_worth(volume.flat(key), first))


def _by_worth(postings: Sequence[Posting], first: int) -> Iterator[tuple[int, Sequence[int]]]:
    start = 0
    for index, worth in enumerate(WORTHS):
        end = bisect_left(postings, (index + 1) * SPAN, start)
        if end > start:
            yield worth, array("I", map((first - index * SPAN).__add__, postings[start:end]))
        start = end


def _packed(spoken: "array[Posting]") -> bytes:
    postings = array("H", sorted(spoken))
    if len(postings) < PACKED_FROM:
        return postings.tobytes()
    gaps = array("H", map(sub, postings, chain((0,), postings)))
    return zlib.compress(gaps.tobytes(), LEVEL)


def _unpacked(text: bytes, count: int) -> Sequence[Posting]:
    postings = array("H")
    if count < PACKED_FROM:
        postings.frombytes(text)
        return postings
    postings.frombytes(zlib.decompress(text))
    return array("H", accumulate(postings))
