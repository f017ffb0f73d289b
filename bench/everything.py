"""Runs every bench of the project one after the other within a budget, and keeps all figures."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.comparing import PART, Worse, figures_of, table, worse, yardstick_ms
from bench.machine import hardware
from store.clock import SystemClock
from store.paths import ROOT

PATIENCE = 6.0
"""A bench that takes so many times what it takes on a quiet machine is ended."""
GRACE_SECONDS = 60
PACE_SECONDS = 5
"""After so many the machine is looked at again: a hundredth of its time."""
MOST_MISSED = 5
"""Rows told of one bench; its own command tells them all."""
KEPT = "kept all bars"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """One command, in a form of minutes and in the form whose figures stand in the docs."""

    name: str
    short: tuple[str, ...]
    long: tuple[str, ...]
    short_seconds: float
    """What it takes on two quiet cores."""
    long_seconds: float
    module: str = ""
    writes_markdown: bool = True

    def command(self, json_path: Path, page_path: Path | None, *, is_long: bool) -> list[str]:
        given = self.long if is_long else self.short
        page = ["--markdown", str(page_path)] if page_path and self.writes_markdown else []
        module = self.module or f"bench.{self.name}"
        return [sys.executable, "-m", module, *given, "--json", str(json_path), *page]

    def seconds(self, *, is_long: bool) -> float:
        return self.long_seconds if is_long else self.short_seconds


BENCHES = (
    Bench("shop", ("--seconds", "2"), ("--postgresql",), 220, 300, module="bench"),
    Bench("finding", ("--most", "10000"), ("--postgresql",), 60, 900),
    Bench("growth", ("--most", "10000"), (), 120, 900),
    Bench("imports", (), ("--postgresql",), 120, 240),
    Bench("orders", ("--orders", "10000"), (), 30, 120, writes_markdown=False),
    Bench("api", ("--orders", "10000", "--times", "3"), (), 60, 300),
    Bench("staff", ("--orders", "10000", "--times", "3"), (), 240, 1_500),
    Bench("signup", ("--rounds", "100"), (), 100, 400),
    Bench("charging", ("--carts", "400"), ("--carts", "20000", "--processes", "2"), 30, 300),
    Bench("discounts", ("--carts", "90"), ("--carts", "900"), 30, 200, writes_markdown=False),
    Bench(
        "campaign",
        ("--readers", "2000", "--kills", "2", "--most-seconds", "300"),
        ("--postgresql", "--workers", "6"),
        240,
        1_200,
    ),
    Bench(
        "races", ("--buyers", "100", "--codes", "40", "--orders", "5"), ("--postgresql",), 60, 400
    ),
    Bench("nodes", ("--rounds", "1", "--kills", "1", "--seconds", "0"), ("--pgbouncer",), 120, 500),
    Bench("following", (), (), 130, 130),
    Bench("waves", ("--seconds", "20"), ("--seconds", "600"), 30, 620),
    Bench(
        "storm",
        ("--buyers", "200", "--at-once", "20", "--postgresql"),
        ("--buyers", "2000", "--at-once", "50", "--postgresql"),
        90,
        600,
    ),
    Bench("soak", ("--minutes", "2"), ("--minutes", "30"), 150, 1_850),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """How one bench ended; without figures where it was left out or did not end well."""

    seconds: float
    ended: str
    figures: Mapping[str, float] = field(default_factory=dict)
    yardstick_ms: float = 0.0
    """How fast the machine was meanwhile: neighbours come and go while all benches run."""


@dataclass(frozen=True, slots=True)
class Gathered:
    taken_at: str
    form: str
    machine: Mapping[str, str]
    benches: Mapping[str, Ran]

    @property
    def unkept(self) -> list[str]:
        """Name the benches that were left out, broke off or missed a bar."""
        return [name for name, ran in self.benches.items() if ran.ended != KEPT]


Again = Callable[[Sequence[str]], Gathered]
"""Runs the benches of these names once more."""


def gather(
    wanted: Sequence[Bench],
    page_path: Path | None,
    say: Say,
    *,
    is_long: bool,
    budget_seconds: float,
) -> Gathered:
    """Run one bench after the other; whatever would not fit into the budget is left out."""
    until = perf_counter() + budget_seconds
    benches = {}
    with TemporaryDirectory(prefix="bench-all-") as made:
        for bench in wanted:
            left = until - perf_counter()
            if bench.seconds(is_long=is_long) > left:
                benches[bench.name] = Ran(0.0, "left out: the budget is used up")
            else:
                path = Path(made) / f"{bench.name}.json"
                command = bench.command(path, page_path, is_long=is_long)
                patience = min(left, PATIENCE * bench.seconds(is_long=is_long))
                benches[bench.name] = _run(command, path, patience)
            ran = benches[bench.name]
            say(f"{bench.name}: {ran.ended}, {len(ran.figures)} figures, {ran.seconds:.0f} s")
    taken_at = f"{SystemClock().now():%Y-%m-%d %H:%M} UTC"
    return Gathered(taken_at, "long" if is_long else "short", hardware(), benches)


def as_json(gathered: Gathered) -> str:
    return json.dumps(asdict(gathered), indent=2) + "\n"


def read(path: Path) -> Gathered:
    told = json.loads(path.read_text(encoding="utf-8"))
    benches = {name: Ran(**ran) for name, ran in told.pop("benches").items()}
    return Gathered(**told, benches=benches)


def compared(before: Gathered, now: Gathered, say: Say, again: Again) -> bool:
    """Say what became worse than chance explains, and that twice; return whether anything did.

    Of ten thousand figures some always meet a neighbour of this machine. So what seems worse is
    measured once more, and believed where it is worse than before both times.
    """
    if before.form != now.form:
        say(f"Nothing is compared: one is the {before.form} form, the other the {now.form} one.")
        return True
    if before.machine != now.machine:
        say("The machines differ; times are compared by what each takes for the same work.")
    known, shown = _names(before), _names(now)
    say(f"Compared {len(known & shown)} figures with {before.taken_at}.")
    if gone := sorted({_bench_of(name) for name in known - shown}):
        say(f"Figures that are not there any more: {', '.join(gone)}.")
    found = _worse(before, now)
    if found:
        say(f"{len(found)} seem worse, and are measured once more.")
        second = again(sorted({_bench_of(one.name) for one in found}))
        # What was not measured a second time stands as it was found.
        better = _names(second) - {one.name for one in _worse(before, second)}
        found = [one for one in found if one.name not in better]
    say(table(found) if found else "Nothing became worse than chance explains.")
    return bool(found)


def _worse(before: Gathered, now: Gathered) -> list[Worse]:
    """Return what became worse, each bench by the pace of its own minutes; the worst first."""
    found = []
    for name in before.benches.keys() & now.benches.keys():
        old, new = before.benches[name], now.benches[name]
        if old.figures and new.figures:
            told = worse(old.figures, new.figures, new.yardstick_ms / old.yardstick_ms)
            found += [replace(one, name=f"{name}{PART}{one.name}") for one in told]
    return sorted(found, key=lambda one: -one.ratio)


def _names(gathered: Gathered) -> set[str]:
    benches = gathered.benches.items()
    return {f"{name}{PART}{figure}" for name, ran in benches for figure in ran.figures}


def _bench_of(name: str) -> str:
    return name.split(PART, maxsplit=1)[0]


def _run(command: Sequence[str], path: Path, patience: float) -> Ran:
    paces = [yardstick_ms()]
    began = perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A group of its own: what it has started ends with it.
        start_new_session=True,
    ) as running:
        try:
            said, errors = _watched(running, patience, paces)
        except subprocess.TimeoutExpired:
            _end_all_of(running)
            return Ran(perf_counter() - began, f"ended after {patience:.0f} s")
    seconds = perf_counter() - began
    ended = KEPT if running.returncode == 0 else f"ended with {running.returncode}"
    if not path.exists():
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        return Ran(seconds, f"{ended}, without figures: {' '.join(last)[:200]}")
    if running.returncode:
        ended = ": ".join([ended, *_missed(said.decode(errors="replace"))])
    figures = dict(figures_of(json.loads(path.read_text(encoding="utf-8"))))
    return Ran(seconds, ended, figures, median(paces))


def _watched(
    running: "subprocess.Popen[bytes]", patience: float, paces: list[float]
) -> tuple[bytes, bytes]:
    """Return what it said; note the machine's pace meanwhile. Raises TimeoutExpired."""
    until = perf_counter() + patience
    while True:
        left = until - perf_counter()
        try:
            return running.communicate(timeout=max(0.0, min(PACE_SECONDS, left)))
        except subprocess.TimeoutExpired:
            if left <= PACE_SECONDS:
                raise
            paces.append(yardstick_ms())


def _missed(said: str) -> list[str]:
    """Return the first rows that a bench set in bold: that is how each tells a bar it missed."""
    return [line.strip() for line in said.splitlines() if "**" in line][:MOST_MISSED]


def _end_all_of(running: "subprocess.Popen[bytes]") -> None:
    os.killpg(running.pid, signal.SIGTERM)
    try:
        running.communicate(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
