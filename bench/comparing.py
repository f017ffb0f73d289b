"""Figures of all benches by name, and which of them became worse than noise explains."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import process_time

LABELS = (
    "database",
    "name",
    "shape",
    "what",
    "path",
    "page",
    "engine",
    "products",
    "size",
    "box",
    "hour",
    "run",
    "step",
)
"""What tells the entries of a list apart, where they carry any of these."""
SKIPPED = frozenset({"machine", "judged", "bar", "took_seconds", "order_waits_ms", "yardstick_ms"})
BETTER_MORE = frozenset({"per_second", "ratio"})
TIMES = ("ms", "seconds", "s")
"""What a slower machine makes longer: they are compared in turns of the yardstick."""
PART = " · "
"""Between the parts of a figure's name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a figure is: how far it strays by chance, and what is too little to speak of."""

    noise: float
    floor: float
    is_time: bool = False


COUNT = Kind(0.0, 0.5)
BYTES = Kind(0.05, 0.5)
MEMORY = Kind(0.10, 3.0)
PROCESSOR = Kind(0.25, 0.3, is_time=True)
CLOCK = Kind(0.60, 3.0, is_time=True)
TAIL = Kind(1.50, 10.0, is_time=True)
RATIO = Kind(0.15, 0.02)
RATE = Kind(0.40, 0.5, is_time=True)
SECONDS = Kind(0.40, 0.2, is_time=True)
KINDS: Mapping[str, Kind] = {
    "queries": COUNT,
    "kilobytes": BYTES,
    "kb": BYTES,
    "peak_mb": MEMORY,
    "peak_megabytes": MEMORY,
    "memory_mb": MEMORY,
    "megabytes": MEMORY,
    "processor_ms": PROCESSOR,
    "cpu_ms": PROCESSOR,
    "one_ms": PROCESSOR,
    "two_ms": PROCESSOR,
    "cpu_seconds": SECONDS,
    "best_ms": CLOCK,
    "median_ms": CLOCK,
    "p50_ms": CLOCK,
    "trial_ms": CLOCK,
    "p95_ms": TAIL,
    "p99_ms": TAIL,
    "ratio": RATIO,
    "per_second": RATE,
}
UNITS: Mapping[str, Kind] = {
    "kB": BYTES,
    "MB": MEMORY,
    "queries": COUNT,
    "ms": CLOCK,
    "s": SECONDS,
}
"""Of amounts, whose unit stands beside them."""


@dataclass(frozen=True, slots=True)
class Worse:
    name: str
    before: float
    now: float
    ratio: float
    """Above 1: so many times as much, or as little of what is better more."""


def figures_of(told: object, name: str = "") -> Iterator[tuple[str, float]]:
    """Return every figure of a bench's JSON that can be compared, by a name that stays."""
    if isinstance(told, list):
        for number, entry in enumerate(told):
            yield from figures_of(entry, _joined(name, _label(entry, number)))
    elif isinstance(told, dict):
        amount, unit = told.get("value"), told.get("unit")
        if isinstance(amount, int | float) and unit in UNITS:
            yield _joined(name, str(unit)), float(amount)
        for key, value in told.items():
            if key in KINDS and isinstance(value, int | float) and not isinstance(value, bool):
                yield _joined(name, key), float(value)
            elif key not in SKIPPED and isinstance(value, dict | list):
                yield from figures_of(value, _joined(name, key))


def yardstick_ms() -> float:
    """Return what this machine's processor takes now for always the same work in Python."""
    began = process_time()
    rows = [
        {"handle": f"product-{n}", "price": n * 7 % 9_000, "tags": ["tee", "ink"]}
        for n in range(2_000)
    ]
    for _turn in range(10):
        read = json.loads(json.dumps(rows))
        read.sort(key=lambda row: (row["price"], row["handle"]))
    return (process_time() - began) * 1e3


def worse(before: Mapping[str, float], now: Mapping[str, float], pace: float) -> list[Worse]:
    """Return what became worse, the worst first; pace: how many times as slow this machine is."""
    found = [
        Worse(name, before[name], now[name], ratio)
        for name in before.keys() & now.keys()
        if (ratio := _ratio(name, before[name], now[name], pace)) > 1
    ]
    return sorted(found, key=lambda one: -one.ratio)


def _ratio(name: str, before: float, now: float, pace: float) -> float:
    """Return how many times as bad it is; 1 where it is not worse than chance explains."""
    key = name.rsplit(PART, 1)[-1]
    kind = KINDS.get(key) or UNITS[key]
    is_better_more = key in BETTER_MORE
    if kind.is_time:
        before = before / pace if is_better_more else before * pace
    lost = before - now if is_better_more else now - before
    if lost <= kind.floor:
        return 1.0
    bad, good = (before, now) if is_better_more else (now, before)
    ratio = bad / good if good > 0 else float("inf")
    return ratio if ratio > 1 + kind.noise else 1.0


def table(found: Sequence[Worse]) -> str:
    """Return what became worse as lines that people read."""
    return "\n".join(
        f"{one.ratio:6.2f} × {one.name}: {one.before:,.3f} before, {one.now:,.3f} now"
        for one in found
    )


def _label(entry: object, number: int) -> str:
    if not isinstance(entry, dict):
        return str(number)
    said = [str(entry[label]) for label in LABELS if isinstance(entry.get(label), str | int)]
    return " ".join(said) or str(number)


def _joined(name: str, more: str) -> str:
    return f"{name}{PART}{more}" if name else more
