"""`python -m bench.soak`: a shop at work for a while, to see what grows and what stays open.

Readers walk through public pages and cards, buyers buy, a worker does what follows. Every process
is looked at every few seconds: memory, open files, threads; of PostgreSQL its connections as well.
"""

import http.client
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter

import click
from sqlalchemy import text

from bench.buying import Crowd, Takings
from bench.filling import SEARCHES
from bench.machine import taken_at
from bench.memory import resident_mb
from bench.storm import broken_invariant, orders_once_settled
from bench.whole_shop import DATABASES, WholeShop, whole_shop
from bench.writing import put_part, tell_figures
from store.database import db
from store.web.assets import ensure_built

WARM_UP_SHARE = 0.3
"""Modules are loaded, pages are kept and pools are filled before anything is compared."""
COMPARED_SHARE = 0.25
"""Of what follows: its first and its last part."""
GROWTH_LIMIT = 0.05
OPEN_LIMIT = 2
"""Files, threads and connections come and go; a leak goes on coming."""
LOOK_SECONDS = 2.0
STORY = "url=http%3A%2F%2Flocalhost%3A5002%2Fstory-{number}&title=The+story+of+{word}"
READERS, BUYERS = 4, 3
REST_SECONDS = {"reader": 0.02, "buyer": 0.2}


@dataclass(frozen=True, slots=True)
class Sample:
    at: float
    memory_mb: float
    files: int
    threads: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What one process held when it was warm, and at the end."""

    name: str
    memory_mb: tuple[float, float]
    files: tuple[float, float]
    threads: tuple[float, float]

    @property
    def growth(self) -> float:
        return self.memory_mb[1] / self.memory_mb[0] - 1

    @property
    def leaks_nothing(self) -> bool:
        return (
            self.files[1] - self.files[0] <= OPEN_LIMIT
            and self.threads[1] - self.threads[0] <= OPEN_LIMIT
        )


@dataclass(frozen=True, slots=True)
class Soak:
    database: str
    minutes: float
    pages: int
    orders: int
    paid: int
    errors: Mapping[str, int]
    processes: Sequence[Kept]
    gone: Sequence[str]
    """Processes that were not there from first to last."""
    connections: tuple[float, float]
    """Of the database server; of SQLite there are none but the open files."""
    broken: str

    def judged(self) -> dict[str, bool]:
        return {
            "no error": not self.errors,
            "every payment is one order": self.orders == self.paid > 0,
            "every process lives on": bool(self.processes) and not self.gone,
            "memory grows by less than 5 %": all(p.growth < GROWTH_LIMIT for p in self.processes),
            "nothing stays open": all(p.leaks_nothing for p in self.processes)
            and self.connections[1] - self.connections[0] <= OPEN_LIMIT,
            "every invariant holds": not self.broken,
        }


@dataclass
class Watch:
    """Looks at every process until it is told to stop."""

    shop: WholeShop
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    pids: dict[str, set[int]] = field(default_factory=dict)
    connections: list[tuple[float, int]] = field(default_factory=list)

    def look(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            at = perf_counter()
            for name, pid in _named(self.shop):
                sample = _sample(pid, at)
                if sample is not None:
                    self.samples.setdefault(name, []).append(sample)
                    self.pids.setdefault(name, set()).add(pid)
            self.connections.append((at, _connections(self.shop)))

    def kept(self, began: float, ended: float) -> list[Kept]:
        warm = began + (ended - began) * WARM_UP_SHARE
        part = (ended - warm) * COMPARED_SHARE
        found = []
        for name, samples in self.samples.items():
            first = [one for one in samples if warm <= one.at <= warm + part]
            last = [one for one in samples if one.at >= ended - part]
            if first and last:
                found.append(
                    Kept(
                        name,
                        _two([s.memory_mb for s in first], [s.memory_mb for s in last]),
                        _two([s.files for s in first], [s.files for s in last]),
                        _two([s.threads for s in first], [s.threads for s in last]),
                    )
                )
        return found

    def gone(self, kept: Sequence[Kept]) -> list[str]:
        """Name what was not there from first to last, or was another process in between."""
        there = {one.name for one in kept}
        return [name for name in self.samples if name not in there or len(self.pids[name]) > 1]

    def kept_connections(self, began: float, ended: float) -> tuple[float, float]:
        warm = began + (ended - began) * WARM_UP_SHARE
        part = (ended - warm) * COMPARED_SHARE
        first = [open_ for at, open_ in self.connections if warm <= at <= warm + part]
        last = [open_ for at, open_ in self.connections if at >= ended - part]
        return _two(first or [0], last or [0])


@click.command()
@click.option("--minutes", default=2.0, show_default=True, help="30 is the long form.")
@click.option("--webs", default=2, show_default=True, help="Web processes.")
@click.option("--postgresql", is_flag=True, help="On a throw-away PostgreSQL instead of SQLite.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(
    minutes: float, webs: int, json_path: Path | None, page_path: Path | None, *, postgresql: bool
) -> None:
    """Print what it came to as JSON; end with 1 where a promise was not kept."""
    ensure_built()
    # Whoever ends the program ends its processes.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    database = DATABASES[postgresql]
    with tempfile.TemporaryDirectory(prefix="bench-soak-") as made:
        folder = Path(made)
        with whole_shop(folder, database, webs=webs) as shop:
            soak = _soak(shop, database, minutes)
    at_the_end = [{"name": one.name, "megabytes": one.memory_mb[1]} for one in soak.processes]
    told = asdict(soak) | {"judged": soak.judged(), "at_the_end": at_the_end}
    tell_figures(told, json_path)
    if page_path:
        put_part(page_path, section(soak))
    if not all(soak.judged().values()):
        sys.exit(1)


def _soak(shop: WholeShop, database: str, minutes: float) -> Soak:
    watch, takings, stop = Watch(shop), Takings(), threading.Event()
    began = perf_counter()
    until = began + minutes * 60
    readers = [Readers(shop, number, takings.errors) for number in range(READERS)]
    threads = [threading.Thread(target=watch.look, args=(stop,))]
    threads += [threading.Thread(target=one.read, args=(until,)) for one in readers]
    for thread in threads:
        thread.start()
    crowd = Crowd(shop, takings)
    crowd.buy(sys.maxsize, BUYERS, until, rest_seconds=REST_SECONDS["buyer"])
    ended = perf_counter()
    stop.set()
    for thread in threads:
        thread.join()
    orders = orders_once_settled(shop, len(takings.paid_at))
    kept = watch.kept(began, ended)
    return Soak(
        database=database,
        minutes=minutes,
        pages=sum(one.pages for one in readers),
        orders=orders,
        paid=len(takings.paid_at),
        errors=dict(takings.errors),
        processes=kept,
        gone=watch.gone(kept),
        connections=watch.kept_connections(began, ended),
        broken=broken_invariant(shop),
    )


class Readers:
    """One of those who look at page after page and card after card, and buy nothing."""

    def __init__(self, shop: WholeShop, number: int, errors: Counter[str]) -> None:
        ports = shop.web_ports
        self._port, self._errors = ports[number % len(ports)], errors
        self._pages = cycle(_addresses(shop, number))
        self.pages = 0

    def read(self, until: float) -> None:
        stop = threading.Event()
        while perf_counter() < until:
            line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                while perf_counter() < until:
                    self._read_one(line)
                    stop.wait(REST_SECONDS["reader"])
            except (OSError, http.client.HTTPException) as error:
                self._errors[type(error).__name__] += 1
            finally:
                line.close()

    def _read_one(self, line: http.client.HTTPConnection) -> None:
        line.request("GET", next(self._pages), headers={"Accept-Encoding": "br"})
        answer = line.getresponse()
        answer.read()
        self.pages += 1
        if answer.status != 200:
            self._errors[f"a page answered {answer.status}"] += 1


def _addresses(shop: WholeShop, number: int) -> Iterator[str]:
    """Return public pages of every kind, in an order of each reader's own."""
    products, collections = shop.filled.product_paths, shop.filled.collection_paths
    for step, product in enumerate(products):
        at = (step * 7 + number * 31) % len(products)
        yield products[at]
        yield collections[at % len(collections)]
        yield f"/products?page={1 + at % 5}"
        yield f"/widget/v1/card.json?{STORY.format(number=at, word=product[10:14])}"
        if step % 10 == 0:
            yield f"/products?q={SEARCHES[step // 10 % len(SEARCHES)].replace(' ', '+')}"
            yield "/"


def _named(shop: WholeShop) -> Iterator[tuple[str, int]]:
    """Return the shop's own processes; the payment sandbox keeps all that was ever paid."""
    counted: Counter[str] = Counter()
    for process in shop.processes:
        counted[process.name] += 1
        if process.name == "payments" or not process.pids:
            continue
        # granian watches a process that serves; a worker is one by itself.
        yield f"{process.name} {counted[process.name]}", process.pids[-1]


def _sample(pid: int, at: float) -> Sample | None:
    folder = Path(f"/proc/{pid}")
    try:
        status = (folder / "status").read_text()
        files = sum(1 for _file in (folder / "fd").iterdir())
        memory = resident_mb(pid)
    except OSError:
        return None
    return Sample(at, memory, files, int(status.partition("Threads:")[2].split()[0]))


def _connections(shop: WholeShop) -> int:
    with shop.app.app_context():
        if db.engine.dialect.name != "postgresql":
            return 0
        found = db.session.scalar(text("SELECT count(*) FROM pg_stat_activity"))
        db.session.rollback()
        return int(found or 0)


def _two(first: Sequence[float], last: Sequence[float]) -> tuple[float, float]:
    return float(median(first)), float(median(last))


def section(soak: Soak) -> str:
    missed = [bar for bar, is_kept in soak.judged().items() if not is_kept]
    verdict = f"**missed: {', '.join(missed)}**" if missed else "all kept"
    of_server = ""
    if soak.database == "PostgreSQL":
        first, last = soak.connections
        of_server = f" Connections of the server: {first:.0f}, then {last:.0f}."
    lines = [
        f"| {one.name} | {one.memory_mb[0]:.1f} | {one.memory_mb[1]:.1f} | {one.growth:+.1%} "
        f"| {one.files[0]:.0f} → {one.files[1]:.0f} | {one.threads[0]:.0f} → {one.threads[1]:.0f} |"
        for one in soak.processes
    ]
    taken = (
        f"Taken {taken_at()}: {soak.minutes:g} minutes on "
        f"{soak.database}, {soak.pages:,} pages and cards, {soak.orders:,} orders, "
        f"{sum(soak.errors.values())} errors; {verdict}. Compared are the medians of the first and "
        f"the last quarter of what followed the first {WARM_UP_SHARE:.0%} of the time.{of_server}"
    )
    again = f"--minutes {soak.minutes:g}{' --postgresql' if of_server else ''}"
    return "\n".join(
        [
            f"## A shop at work for a while, on {soak.database}",
            "",
            taken,
            "",
            "| process | warm, MB | at the end, MB | growth | open files | threads |",
            "|---|--:|--:|--:|---|---|",
            *lines,
            "",
            f"Again: `.venv/bin/python -m bench.soak {again} --markdown docs/benchmarks.md`.",
        ]
    )


if __name__ == "__main__":
    main()
