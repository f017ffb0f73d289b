"""What a shop on several machines came to, promise by promise, as a part of the page of figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise, how hard it was tried, and what was found."""

    promise: str
    tried: str
    found: str
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Throughput:
    """The same asked of one node and of two, on the same machine."""

    what: str
    one: float
    two: float
    one_ms: float
    """Of the processor, in the node, for each answer."""
    two_ms: float
    failures: int


@dataclass
class NodesRun:
    where: str
    database: str
    kept: list[Kept] = field(default_factory=list)
    throughput: list[Throughput] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return all(one.is_kept for one in self.kept) and not any(
            one.failures for one in self.throughput
        )


def section(runs: Sequence[NodesRun], taken_at: str, machine: str, again: str) -> str:
    """Return the part of the page of figures; it begins with its heading."""
    about = (
        f"Taken {taken_at} on {machine}: two web nodes and two workers, {runs[0].where}, on one"
        " PostgreSQL and one Redis, deploy/nginx in front with TLS, pictures in an object store"
        " that speaks S3. A request counts as failed when its reader gets anything but what she"
        " asked for."
    )
    parts = ["## More than one machine", "", about]
    for run in runs:
        parts += ["", *_kept(run)]
    timed = [(run, one) for run in runs for one in run.throughput]
    if timed:
        parts += ["", *_throughput(timed), "", MEANING]
    return "\n".join([*parts, "", f"Again: `{again}`."])


MEANING = (
    "Two nodes, nginx, PostgreSQL and the load tool share the two cores here, so the rates say"
    " nothing of two machines, and nor does their ratio. What travels is the processor’s time an"
    " answer takes in a node: where it is the same with two nodes as with one, neither waits for"
    " the other, and another machine adds what it can compute."
)


def _kept(run: NodesRun) -> list[str]:
    rows = [
        _row([one.promise, one.tried, one.found, "yes" if one.is_kept else "**no**"])
        for one in run.kept
    ]
    return [_row([run.database, "tried", "found", "kept"]), _row(["---"] * 4), *rows]


def _throughput(timed: Sequence[tuple[NodesRun, Throughput]]) -> list[str]:
    head = ["", "one node", "two nodes", "ratio", "ms a node, one", "ms a node, two", "failed"]
    rows = [
        _row(
            [
                f"{one.what} ({run.database})",
                f"{one.one:,.0f}/s",
                f"{one.two:,.0f}/s",
                f"{one.two / one.one:.2f} ×",
                f"{one.one_ms:.2f}",
                f"{one.two_ms:.2f}",
                str(one.failures),
            ]
        )
        for run, one in timed
    ]
    return [_row(head), _row(["---"] * len(head)), *rows]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
