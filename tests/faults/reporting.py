"""Says what was done to a shop and what came of it: to a terminal, as JSON, as a page's section."""

import os
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from bench.machine import hardware
from store.clock import SystemClock
from tests.faults.plan import Plan
from tests.faults.running import Run

HEADING = "## Figures of a run"


def as_json(run: Run) -> dict[str, Any]:
    return {
        "database": run.database,
        "seconds": round(run.seconds),
        "checkouts": run.checkouts,
        "faults": {f"{family}: {kind}": count for (family, kind), count in _kinds(run).items()},
        "skipped": run.tally.skipped,
        "answers": dict(sorted(run.tally.answers.items())),
        "restarts": {
            after: {
                "times": len(seconds),
                "median_seconds": round(median(seconds), 2),
                "slowest_seconds": round(max(seconds), 2),
            }
            for after, seconds in _returns(run).items()
        },
        "broken": [f"{b.promise}: {b.what} {b.about}".rstrip() for b in run.broken],
        "too_few": run.too_few,
        "is_good": run.is_good,
    }


def printed(run: Run) -> str:
    lines = [f"{run.database}: {run.checkouts} paid in {run.seconds:.0f} s"]
    lines += [f"  {line}" for line in _table(run)]
    lines += [f"  skipped {what}: {why}" for what, why in run.tally.skipped.items()]
    lines += [
        f"  back after {after}: {len(seconds)} times, median {median(seconds):.2f} s,"
        f" slowest {max(seconds):.2f} s"
        for after, seconds in _returns(run).items()
    ]
    lines += [f"  answers: {name} {count}" for name, count in sorted(run.tally.answers.items())]
    lines += [f"  BROKEN {b.promise}: {b.what} {b.about}".rstrip() for b in run.broken]
    lines += [f"  too few: {words}" for words in run.too_few]
    lines += ["  every promise was kept" if not run.broken else f"  {len(run.broken)} broken"]
    return "\n".join(lines)


def markdown(runs: Sequence[Run], plan: Plan) -> str:
    kinds = sorted({kind for run in runs for kind in _kinds(run)})
    names = " | ".join(run.database for run in runs)
    lines = [
        HEADING,
        "",
        (
            f"Taken {SystemClock().now():%Y-%m-%d %H:%M} UTC on {os.cpu_count()} cores of "
            f"{hardware()['processor']}, with seed {plan.seed}."
        ),
        "",
        f"| faults, injected / survived | {names} |",
        "|---|" + "---:|" * len(runs),
    ]
    survived = {id(run): run.tally.survived({b.about for b in run.broken}) for run in runs}
    for kind in kinds:
        counts = " | ".join(
            f"{injected:,} / {survived[id(run)].get(kind, 0):,}" if injected else "–"
            for run in runs
            for injected in [_kinds(run).get(kind, 0)]
        )
        lines.append(f"| {kind[0]}: {kind[1]} | {counts} |")
    for what, said in _sums(runs):
        lines.append(f"| {what} | {' | '.join(said)} |")
    skipped = {what: why for run in runs for what, why in run.tally.skipped.items()}
    lines += ["", *(f"Not done here: {what} ({why})." for what, why in skipped.items())]
    return "\n".join(lines).rstrip()


def _sums(runs: Sequence[Run]) -> Iterator[tuple[str, list[str]]]:
    yield "**together**", [f"**{run.tally.count_all():,}**" for run in runs]
    yield "checkouts that were paid", [f"{run.checkouts:,}" for run in runs]
    yield "minutes", [f"{run.seconds / 60:.1f}" for run in runs]
    yield "restarts that were timed", [f"{len(run.tally.returns):,}" for run in runs]
    for after in sorted({after for run in runs for after in _returns(run)}):
        found = [_returns(run).get(after, [0.0]) for run in runs]
        said = [f"{median(seconds):.1f} / {max(seconds):.1f}" for seconds in found]
        yield f"back after {after}, median / slowest, seconds", said
    yield "promises broken", [f"{len(run.broken)}" for run in runs]


def _kinds(run: Run) -> dict[tuple[str, str], int]:
    return run.tally.by_kind()


def _table(run: Run) -> list[str]:
    survived = run.tally.survived({b.about for b in run.broken})
    return [
        f"{family}: {kind}  {count} injected, {survived.get((family, kind), 0)} survived"
        for (family, kind), count in _kinds(run).items()
    ]


def _returns(run: Run) -> dict[str, list[float]]:
    """Return the seconds of each restart, by what was restarted."""
    found: dict[str, list[float]] = {}
    for one in sorted(run.tally.returns, key=lambda one: one.after):
        found.setdefault(one.after, []).append(one.seconds)
    return found
