"""What one process has counted and what the shop measures, as Prometheus reads it."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

AT_MOST_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Bounds by which answers are told apart; fixed, so that processes can be added up."""


@dataclass(slots=True)
class Counters:
    """Plain sums: two threads may lose a beat between them, and nothing depends on one."""

    requests: int = 0
    refused: int = 0
    memory_hits: int = 0
    memory_misses: int = 0
    memory_unchanged: int = 0
    memory_stale: int = 0
    memory_renderings: int = 0
    memory_evictions: int = 0
    memory_bytes: int = 0
    memory_pages: int = 0
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Answers that the application itself gave, by group and class of status such as 2xx."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long they took together, by group."""
    within: Counter[tuple[str, float]] = field(default_factory=Counter)
    """How many took no longer, by group and the first of AT_MOST_SECONDS that holds."""

    def count_answer(self, group: str, status: int, seconds: float) -> None:
        self.answers[group, f"{status // 100}xx"] += 1
        self.seconds[group] = self.seconds.get(group, 0.0) + seconds
        bound = next((most for most in AT_MOST_SECONDS if seconds <= most), None)
        if bound is not None:
            self.within[group, bound] += 1


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number of the whole shop, the same in whichever process it is asked for."""

    name: str
    meaning: str
    values: Mapping[tuple[tuple[str, str], ...], float]
    """By labels; the empty tuple where there is but one. Nothing where nobody can tell."""


MEANINGS = {
    "requests": ("counter", "Requests that reached this process."),
    "refused": ("counter", "Requests refused at the door: host, method, length."),
    "memory_hits": ("counter", "Requests answered from page memory, nothing rendered for them."),
    "memory_misses": ("counter", "Requests of public pages that were rendered for, kept or not."),
    "memory_unchanged": ("counter", "Answers from page memory that were a 304."),
    "memory_stale": ("counter", "Hits on a page that was being rendered anew."),
    "memory_renderings": ("counter", "Pages rendered for page memory."),
    "memory_evictions": ("counter", "Pages that left page memory to make room."),
    "memory_bytes": ("gauge", "Bytes that page memory holds."),
    "memory_pages": ("gauge", "Pages that page memory holds."),
}


def prometheus_text(counters: Counters, gauges: Sequence[Gauge] = ()) -> str:
    lines = [*_sums(counters), *_answers(counters), *_times(counters), *_gauges(gauges)]
    return "\n".join(lines) + "\n"


def _sums(counters: Counters) -> Iterator[str]:
    for name, (kind, meaning) in MEANINGS.items():
        full_name = f"store_{name}{'_total' if kind == 'counter' else ''}"
        yield from _head(full_name, kind, meaning)
        yield f"{full_name}{_of_worker()} {getattr(counters, name)}"


def _answers(counters: Counters) -> Iterator[str]:
    name = "store_answers_total"
    yield from _head(name, "counter", "Answers of the application, by group and class of status.")
    for (group, status), count in sorted(dict(counters.answers).items()):
        yield f"{name}{_of_worker(group=group, status=status)} {count}"


def _times(counters: Counters) -> Iterator[str]:
    name = "store_answer_seconds"
    yield from _head(name, "histogram", "How long answers of the application took, by group.")
    totals: Counter[str] = Counter()
    for (group, _status), count in dict(counters.answers).items():
        totals[group] += count
    for group, seconds in sorted(dict(counters.seconds).items()):
        reached = 0
        for bound in AT_MOST_SECONDS:
            reached += counters.within[group, bound]
            yield f"{name}_bucket{_of_worker(group=group, le=f'{bound:g}')} {reached}"
        yield f"{name}_bucket{_of_worker(group=group, le='+Inf')} {totals[group]}"
        yield f"{name}_sum{_of_worker(group=group)} {seconds:.6f}"
        yield f"{name}_count{_of_worker(group=group)} {totals[group]}"


def _gauges(gauges: Sequence[Gauge]) -> Iterator[str]:
    for gauge in gauges:
        full_name = f"store_{gauge.name}"
        yield from _head(full_name, "gauge", gauge.meaning)
        for labels, value in sorted(gauge.values.items()):
            yield f"{full_name}{_labels(dict(labels))} {value:g}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _of_worker(**labels: str) -> str:
    return _labels({**labels, "worker": str(os.getpid())})


def _labels(labels: Mapping[str, str]) -> str:
    # Every label is a word of ours: nothing in it has to be quoted.
    inner = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return f"{{{inner}}}" if inner else ""
