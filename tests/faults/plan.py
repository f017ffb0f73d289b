"""How large a run is, and its seed: the same one draws the same faults, as far as chance allows."""

import random
from dataclasses import dataclass

KILLED = {"a web process": 45, "the worker beside it": 20, "a worker apart": 20, "everything": 15}
"""Who is killed, and how many times of a hundred."""
SPREAD = 0.9
"""Of the time, over which the kills are spread."""
SMALL_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    minutes: float
    """At most; a run ends sooner when everything asked for has been done."""
    kills: int
    wire: int
    """Faults on the way between the shop, Stripe and back."""
    checkouts: int
    seed: int = 1
    buyers: int = 8
    """At once."""
    only: tuple[str, ...] | None = None
    """What happens to database, disk, Redis, mail and clock, each once; None: everything, again
    and again."""
    killed: tuple[str, ...] = tuple(KILLED)
    is_strict_on_time: bool = True
    """Judge how soon a restarted shop answers; only a quiet machine can say."""

    @property
    def is_small(self) -> bool:
        """Whether one web process and one worker are enough."""
        return self.only is not None

    @property
    def seconds_between_kills(self) -> float:
        """So that the kills are done shortly before the time is over, or at once in a small run."""
        spread = self.minutes * 60 * SPREAD / max(1, self.kills)
        return min(spread, SMALL_PAUSE_SECONDS) if self.is_small else spread

    def chance(self, what: str) -> random.Random:
        """Return the dice of one kind of harm: what another kind throws does not change them."""
        return random.Random(f"{self.seed}:{what}")
