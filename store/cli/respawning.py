"""How often web processes may die before granian gives up, and all of them with it."""

from collections import defaultdict, deque
from time import monotonic
from typing import Any

MOST_DEATHS, WITHIN_SECONDS = 5, 30.0
"""What cannot start at all dies as often within this time, and goes on dying."""


class Respawns(dict[int, float]):
    """When each web process was started again, as granian keeps it.

    By itself it ends every process where one died twice within seconds: whoever asks it for the
    last start of that one then sees a crash loop. A machine without memory kills one after the
    other, and what is left should go on serving, so here it takes more to be called a loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self._starts: defaultdict[int, deque[float]] = defaultdict(
            lambda: deque(maxlen=MOST_DEATHS)
        )

    def __setitem__(self, place: int, at: float) -> None:
        self._starts[place].append(at)
        super().__setitem__(place, at)

    def get(self, place: int, default: Any = None, /) -> Any:
        """Return when it was started last where it died too often, else as if it never had."""
        starts = self._starts[place]
        is_loop = len(starts) == MOST_DEATHS and monotonic() - starts[0] <= WITHIN_SECONDS
        return starts[-1] if is_loop else default
