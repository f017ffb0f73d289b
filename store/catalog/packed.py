"""What is known of all products, each in one piece: a hundred thousand objects would weigh more."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Self

PLACES = "I"
"""How arrays keep places: in four bytes each, where a list takes eight and a number of its own."""

Place = int
"""Where a product stands in every array and in every set of bits; it keeps it while both last."""


def no_places() -> "array[Place]":
    return array(PLACES)


class Places:
    """Where each product stands, found by halving among their numbers."""

    def __init__(self, ids: Sequence[int] = ()) -> None:
        self._ids = ids
        # Products come in the order of their numbers, but for those that others overtook.
        self._by_id: Sequence[Place] = range(len(ids))
        if any(one > other for one, other in pairwise(ids)):
            self._by_id = array(PLACES, sorted(self._by_id, key=ids.__getitem__))

    def get(self, product_id: int) -> Place | None:
        at = bisect_left(self._by_id, product_id, key=self._ids.__getitem__)
        if at == len(self._by_id) or self._ids[self._by_id[at]] != product_id:
            return None
        return self._by_id[at]

    def of(self, product_ids: Iterable[int]) -> Iterable[Place]:
        """Return the places of those of these products that are known, in the order given."""
        return (place for number in product_ids if (place := self.get(number)) is not None)


class Titles:
    """The titles of all products, to be sorted by: as UTF-8, whose order is that of its letters."""

    def __init__(self, text: bytes = b"", ends: "array[int] | None" = None) -> None:
        self.text = text
        self.ends = array(PLACES) if ends is None else ends
        """Where each title ends."""

    def __getitem__(self, place: Place) -> bytes:
        return self.text[self._start(place) : self.ends[place]]

    def changed(self, titles: Mapping[Place, bytes]) -> Self:
        """Return them with others at these places."""
        if not titles:
            return self
        text, ends, moved, known = list[bytes](), array(PLACES), 0, 0
        for place, title in sorted(titles.items()):
            text += [self.text[self._start(known) : self._start(place)], title]
            ends.extend(map(moved.__add__, self.ends[known:place]))
            moved += len(title) - len(self[place])
            ends.append(self.ends[place] + moved)
            known = place + 1
        ends.extend(map(moved.__add__, self.ends[known:]))
        return type(self)(b"".join([*text, self.text[self._start(known) :]]), ends)

    def _start(self, place: Place) -> int:
        return self.ends[place - 1] if place else 0
