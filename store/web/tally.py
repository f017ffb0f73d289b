"""Counts in memory by name, until somebody takes the sums away to keep them."""

from collections.abc import Mapping
from threading import Lock

MOST_NAMES = 20_000
"""About 4 MB of addresses; what more there is before the next flush is only counted as refused."""


class Tally:
    """Sums that no two threads lose a beat of."""

    def __init__(self, most_names: int = MOST_NAMES) -> None:
        self._most_names = most_names
        self._sums: dict[str, int] = {}
        self._lock = Lock()
        self.refused = 0
        """Beats of names that found no room, since the process began."""

    def add(self, name: str) -> None:
        with self._lock:
            self._add(name, 1)

    def take(self) -> Mapping[str, int]:
        """Return the sums and begin anew; whoever cannot keep them gives them back."""
        with self._lock:
            taken, self._sums = self._sums, {}
        return taken

    def give_back(self, sums: Mapping[str, int]) -> None:
        """Add what could not be kept; what came meanwhile keeps its place."""
        with self._lock:
            for name, number in sums.items():
                self._add(name, number)

    def _add(self, name: str, number: int) -> None:
        known = self._sums.get(name)
        if known is None and len(self._sums) >= self._most_names:
            self.refused += number
            return
        self._sums[name] = (known or 0) + number
