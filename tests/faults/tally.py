"""What was done to the shop, counted by kind, and which orders it was done to."""

import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

WIRE = "wire"
KILLS = "kills"
OUTAGES = "outages"


@dataclass(frozen=True, slots=True)
class Harm:
    family: str
    kind: str
    about: str = ""
    """The order's number or the id of its pay page, where it struck one."""


@dataclass(frozen=True, slots=True)
class Return:
    """How long it took from a restart to the first good answer, and what was restarted."""

    after: str
    seconds: float


@dataclass
class Tally:
    """Counts in many threads."""

    harms: list[Harm] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """What could not be done on this machine, and why."""
    answers: Counter[str] = field(default_factory=Counter)
    """What buyers were answered, by what they did and how it ended."""
    returns: list[Return] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def harm(self, family: str, kind: str, about: str = "") -> None:
        with self._lock:
            self.harms.append(Harm(family, kind, about))

    def answer(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1

    def returned(self, after: str, seconds: float) -> None:
        with self._lock:
            self.returns.append(Return(after, seconds))

    def count(self, family: str) -> int:
        with self._lock:
            return sum(harm.family == family for harm in self.harms)

    def count_all(self) -> int:
        with self._lock:
            return len(self.harms)

    def by_kind(self) -> dict[tuple[str, str], int]:
        with self._lock:
            return dict(sorted(Counter((h.family, h.kind) for h in self.harms).items()))

    def survived(self, broken: Collection[str]) -> dict[tuple[str, str], int]:
        """Count what struck no order about which a promise was broken."""
        with self._lock:
            kept = [harm for harm in self.harms if not harm.about or harm.about not in broken]
            return dict(Counter((harm.family, harm.kind) for harm in kept))
