"""`python -m bench.finding`: how finding things grows from 1,000 to 100,000 products."""

import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import click
from flask import Flask
from sqlalchemy import event
from werkzeug.test import Client, TestResponse

from bench.finding_shop import RARE_WORD, fill_up
from bench.recording import UnexpectedAnswerError
from bench.rendering import rendering_only
from bench.writing import put_part
from store.catalog.register import forget_registers, register
from store.catalog.remembering import forget_cards
from store.clock import FixedClock, SystemClock
from store.database import bump_public_version, db, writing
from store.migrating import upgrade_url
from tests.shop import open_shop, some_settings
from tests.throwaway_postgresql import throwaway_server

SIZES = (1_000, 10_000, 100_000)
TIMES = 30
WARM_UP = 3
MOST_GROWTH = 2.0
MOST_P95_MS = 40.0
MISTYPED = RARE_WORD[:-2] + RARE_WORD[-1] + RARE_WORD[-2]
PAGES = {
    "listing": "/products",
    "listing by price, page 3": "/products?sort=price&page=3",
    "section": "/collections/section-2",
    "one facet": "/products?type=mug",
    "three facets": "/products?type=mug&colour=black&size=m",
    "search, rare word": f"/products?q={RARE_WORD}",
    "search, rare word and two facets": f"/products?q={RARE_WORD}&stock=in&colour=black",
    "search, broad word": "/products?q=tee",
    "search, two broad words, by price": "/products?q=black+tee&sort=price",
    "search, mistyped": f"/products?q={MISTYPED}",
    "search, nothing": "/products?q=zzyzx",
    "suggestions": f"/products/suggest?q={RARE_WORD[:4]}",
}

BARS = (
    f"Growth is processor time at the largest over the smallest; the bar is {MOST_GROWTH:g} ×, "
    f"and {MOST_P95_MS:g} ms of the 95th percentile."
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs in a catalogue of one size, its cards read anew each time."""

    page: str
    database: str
    products: int
    median_ms: float
    p95_ms: float
    processor_ms: float
    queries: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the register costs a process: read whole, and caught up after one change."""

    database: str
    products: int
    whole_ms: float
    change_ms: float


@dataclass(frozen=True, slots=True)
class Finding:
    taken_at: str
    set_up: str
    costs: tuple[Cost, ...]
    readings: tuple[Reading, ...]


@click.command()
@click.option("--postgresql", is_flag=True, help="Measure on a throw-away PostgreSQL as well.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="And a section here."
)
@click.option("--most", default=SIZES[-1], show_default=True, help="The largest catalogue.")
def main(json_path: Path | None, page_path: Path | None, most: int, *, postgresql: bool) -> None:
    """Print what finding costs; ends with 1 where it grows by more than the bar."""
    found = measure_finding([size for size in SIZES if size <= most], on_postgresql=postgresql)
    section = "\n".join(finding_section(found)) + "\n"
    click.echo(section)
    if json_path:
        json_path.write_text(json.dumps(asdict(found), indent=2) + "\n", encoding="utf-8")
    if page_path:
        put_part(page_path, section)
    if any(not _clears(costs) for costs in _by_page(found.costs).values()):
        sys.exit(1)


def measure_finding(sizes: Sequence[int], *, on_postgresql: bool) -> Finding:
    taken_at = SystemClock().now().strftime("%Y-%m-%d %H:%M UTC")
    set_up = (
        "one process, nothing cached but what a process reads once for a version; of each page "
        f"{TIMES} renderings with all of its cards read anew; a rare word finds 100 products in "
        f"every catalogue; the machine’s load was {os.getloadavg()[0]:.1f} on {os.cpu_count()} "
        "cores when it began, so processor time says more than the clock."
    )
    costs, readings = list[Cost](), list[Reading]()
    for size in sizes:
        for database in ("SQLite", "PostgreSQL")[: 2 if on_postgresql else 1]:
            with _opened(database, size) as app:
                readings.append(_reading(app, database, size))
                costs += [_cost(app, page, database, size) for page in PAGES]
    return Finding(taken_at, set_up, tuple(costs), tuple(readings))


def finding_section(found: Finding) -> list[str]:
    """Return the part that tells how finding things grows."""
    sizes = sorted({cost.products for cost in found.costs})
    head = " | ".join(f"{size:,}: median, p95, processor ms" for size in sizes)
    return [
        "## Finding things",
        "",
        f"Taken {found.taken_at}; {found.set_up}",
        "",
        f"| page | {head} | growth | queries | cleared |",
        "|---" * (len(sizes) + 4) + "|",
        *(_row(page, costs) for page, costs in _by_page(found.costs).items()),
        "",
        BARS,
        "",
        "| what a process keeps of all products | read whole | caught up after a change |",
        "|---|---|---|",
        *(
            f"| {reading.database}, {reading.products:,} products"
            f" | {reading.whole_ms:,.0f} ms | {reading.change_ms:.1f} ms |"
            for reading in found.readings
        ),
        "",
        "Again: `.venv/bin/python -m bench.finding --postgresql --markdown docs/benchmarks.md`.",
        "",
    ]


@contextmanager
def _opened(database: str, size: int) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="bench-") as made, _address(database, made) as url:
        upgrade_url(url)
        clock = FixedClock(SystemClock().now())
        app = open_shop(some_settings(Path(made), url), clock).app
        with app.app_context():
            fill_up(size, clock)
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _address(database: str, folder: str) -> Iterator[str]:
    if database == "SQLite":
        yield f"sqlite:///{folder}/store.sqlite"
    else:
        with throwaway_server() as url:
            yield url


def _reading(app: Flask, database: str, size: int) -> Reading:
    now = SystemClock().now()
    with app.app_context():
        forget_registers()
        began = process_time()
        register(now)
        whole = process_time() - began
        with writing() as session:
            session.connection().exec_driver_sql("UPDATE product SET title = 'Moved' WHERE id = 7")
            bump_public_version()
        began = process_time()
        register(now).order("title")
        return Reading(database, size, whole * 1e3, (process_time() - began) * 1e3)


def _cost(app: Flask, page: str, database: str, size: int) -> Cost:
    reader, path = Client(rendering_only(app)), PAGES[page]
    networks = cycle({"REMOTE_ADDR": f"203.0.113.{number}"} for number in range(250))

    def ask() -> TestResponse:
        # Each from another network: how often one may search is not what is measured.
        return reader.get(path, environ_overrides=next(networks))

    for _ in range(WARM_UP):
        answer = ask()
        if answer.status_code != 200:
            raise UnexpectedAnswerError(f"{path} answered {answer.status}")
    took, used = list[float](), list[float]()
    for _ in range(TIMES):
        forget_cards()
        began, worked = perf_counter(), process_time()
        ask()
        took.append((perf_counter() - began) * 1e3)
        used.append((process_time() - worked) * 1e3)
    forget_cards()
    with app.app_context(), _counting() as asked:
        ask()
    p95 = sorted(took)[math.ceil(TIMES * 0.95) - 1]
    return Cost(page, database, size, median(took), p95, median(used), len(asked))


@contextmanager
def _counting() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _by_page(costs: Sequence[Cost]) -> dict[str, list[Cost]]:
    grouped: dict[str, list[Cost]] = {}
    for cost in costs:
        grouped.setdefault(f"{cost.page}, {cost.database}", []).append(cost)
    return grouped


def _growth(costs: Sequence[Cost]) -> float:
    return costs[-1].processor_ms / costs[0].processor_ms


def _clears(costs: Sequence[Cost]) -> bool:
    return _growth(costs) <= MOST_GROWTH and costs[-1].p95_ms <= MOST_P95_MS


def _row(page: str, costs: Sequence[Cost]) -> str:
    cells = [f"{c.median_ms:.1f}, {c.p95_ms:.1f}, {c.processor_ms:.1f}" for c in costs]
    cleared = "yes" if _clears(costs) else "**no**"
    queries = max(cost.queries for cost in costs)
    return f"| {' | '.join([page, *cells, f'{_growth(costs):.2f} ×', str(queries), cleared])} |"


if __name__ == "__main__":
    main()
