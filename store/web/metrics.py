"""What one process has counted since it started, as Prometheus reads it."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


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
    answers: Counter[str] = field(default_factory=Counter)
    """Answers that the application itself gave, by class of status such as 2xx."""


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


def prometheus_text(counters: Counters) -> str:
    return "\n".join(_lines(counters, f'{{worker="{os.getpid()}"}}')) + "\n"


def _lines(counters: Counters, worker: str) -> Iterator[str]:
    for name, (kind, meaning) in MEANINGS.items():
        full_name = f"store_{name}{'_total' if kind == 'counter' else ''}"
        yield f"# HELP {full_name} {meaning}"
        yield f"# TYPE {full_name} {kind}"
        yield f"{full_name}{worker} {getattr(counters, name)}"
    yield "# HELP store_answers_total Answers that the application gave, by class of status."
    yield "# TYPE store_answers_total counter"
    for status, count in sorted(dict(counters.answers).items()):
        yield f'store_answers_total{{status="{status}",{worker[1:-1]}}} {count}'
