"""What a wave of readers found, and whether that is good enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

OLDEST_SECONDS = 2.0
P99_TO_P50 = 5.0
LEAST_SEEN = 0.8
"""Of the prices that there were: a crowd that saw fewer proves nothing about the old ones."""


@dataclass(frozen=True, slots=True)
class Change:
    """A price in cents, and when the change to it began, by the monotonic clock of the machine."""

    minor: int
    at: float


@dataclass(frozen=True, slots=True)
class Wave:
    """The age of a price counts from the beginning of the change that ended it."""

    what: str
    seconds: float
    connections: int
    answers: int
    errors: Mapping[str, int]
    per_second: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    changes: int
    prices_seen: int
    oldest_seconds: float


def oldest_seconds(changes: Sequence[Change], last_seen: Mapping[int, float]) -> float:
    """Return for how long after its end a price was still read; 0 where none was."""
    ages = (last_seen.get(old.minor, new.at) - new.at for old, new in pairwise(changes))
    return max(0.0, *ages, 0.0)


def judged(wave: Wave) -> dict[str, bool]:
    expected = min(wave.changes, wave.seconds)
    return {
        "no error": not wave.errors and wave.answers > 0,
        "the price changed and was seen to": wave.prices_seen >= LEAST_SEEN * expected,
        f"no price older than {OLDEST_SECONDS:g} s": wave.oldest_seconds <= OLDEST_SECONDS,
        f"p99 at most {P99_TO_P50:g} × p50": wave.p99_ms <= P99_TO_P50 * wave.p50_ms,
    }


def markdown_line(wave: Wave) -> str:
    errors = sum(wave.errors.values())
    missed = [bar for bar, is_cleared in judged(wave).items() if not is_cleared]
    return (
        f"| {wave.what}: {wave.connections} connections, {wave.seconds:g} s, {wave.changes} prices"
        f" | {wave.per_second:,.0f} a second | p50 {wave.p50_ms:.0f} ms | p99 {wave.p99_ms:.0f} ms"
        f" | oldest price {wave.oldest_seconds:.2f} s | {errors} errors"
        f" | {'**missed: ' + ', '.join(missed) + '**' if missed else 'cleared'} |"
    )
