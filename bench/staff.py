"""`python -m bench.staff`: what every page of staff costs in a shop with 100,000 orders."""

import json
import logging
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import click
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.staff_pages import Pages
from bench.staff_shop import GrownShop, grown_shop
from bench.writing import put_part
from store.clock import SystemClock
from store.database import db
from store.web.logs import configure_logs

BAR_MS = 100
FILES = frozenset({"text/csv", "application/pdf"})
WANTS_WORDS = 422
SEARCHED = re.compile(r"[?&]q=[^&]*")
MOST_TOLD = 30
"""The page of figures shows those that cost most; the command prints them all."""
TIMES = 20
COUNTED = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of one page: as a clock saw them, and what the processor had to do."""

    name: str
    status: int
    is_page: bool
    best_ms: float
    median_ms: float
    p95_ms: float
    processor_ms: float
    queries: int
    kilobytes: float

    server_ms: float
    """What the bar is held against: SQLite works in this process, so its processor time, which no
    neighbour lengthens; where another process answers, the best of many requests."""

    @property
    def is_slow(self) -> bool:
        """Files are written whole, and a person waits for them knowingly."""
        return self.is_page and self.server_ms > BAR_MS

    @property
    def is_refused(self) -> bool:
        """Whether there is no such page; a preview of nothing asks for words, and is one."""
        return self.status >= 400 and self.status != WANTS_WORDS


@click.command()
@click.option("--orders", default=100_000, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the shop there for next time.")
@click.option("--postgresql", is_flag=True, help="On a throw-away server instead of SQLite.")
@click.option("--only", default="", help="Measure what this pattern finds.")
@click.option("--times", default=TIMES, show_default=True, help="Requests of each page.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write the table there."
)
def main(
    orders: int,
    keep: Path | None,
    json_path: Path | None,
    page_path: Path | None,
    *,
    postgresql: bool,
    only: str,
    times: int,
) -> None:
    """Ask for every page of staff again and again; ends with 1 where one is over the bar."""
    with tempfile.TemporaryDirectory(prefix="bench-staff-") as made:
        folder = keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with grown_shop(folder.resolve(), orders, on_postgresql=postgresql) as shop:
            costs = _measure(shop, only, times)
    click.echo(table(costs))
    if json_path:
        json_path.write_text(as_figures(costs), encoding="utf-8")
    if page_path:
        put_part(page_path, _section(costs, orders, times))
    if any(cost.is_slow or cost.is_refused for cost in costs):
        sys.exit(1)


def as_figures(costs: Sequence[Cost]) -> str:
    """Return what pages cost as JSON, to be compared with an earlier run."""
    return json.dumps([asdict(cost) for cost in costs], indent=2) + "\n"


def _section(costs: Sequence[Cost], orders: int, times: int) -> str:
    pages = sorted((c for c in costs if c.is_page), key=lambda cost: -cost.processor_ms)
    # Of the searches of one list the one that costs most stands for all.
    worst = {SEARCHED.sub("", cost.name): cost for cost in reversed(pages)}
    told = [cost for cost in pages if worst[SEARCHED.sub("", cost.name)] is cost][:MOST_TOLD]
    return (
        f"## Behind the shop\n\nThe bar: no page of staff over {BAR_MS} ms of server time with "
        f"{orders:,} orders. Taken {SystemClock().now():%Y-%m-%d %H:%M} UTC in process, warm, "
        f"medians of {times}; on SQLite the bar is held against the time of the processor. Files "
        "hold every row, or are laid out for paper, and are no pages.\n\n"
        f"The {MOST_TOLD} that cost most of {len(pages):,} addresses, tabs, searches and depths:"
        f"\n\n{table(told)}\n\n"
        "Again: `.venv/bin/python -m bench.staff --keep FOLDER --markdown docs/benchmarks.md`; "
        "`--postgresql` asks a throw-away server."
    )


def _measure(shop: GrownShop, only: str, times: int) -> list[Cost]:
    # Thousands of requests are no news.
    configure_logs(logging.ERROR)
    browser = shop.at_the_desk()
    with shop.inside():
        pages, engine = Pages(shop.staff, browser), db.engine
    found = {name: path for name, path in pages.all().items() if re.search(only, path)}
    for path in pages.left_out:
        click.echo(f"not measured, nothing of it exists here: {path}", err=True)
    costs = []
    for name, path in found.items():
        costs.append(cost_of(name, path, browser, engine, times))
        click.echo(row(costs[-1]), err=True)
    return sorted(costs, key=lambda cost: -cost.p95_ms)


def cost_of(name: str, path: str, browser: FlaskClient, engine: Engine, times: int) -> Cost:
    # What is asked anew once a minute belongs to no page: of two times the lesser counts.
    queries = min(_queries(path, browser, engine) for _ in range(COUNTED))
    answer = browser.get(path, buffered=True)
    took, used = [], []
    is_page = answer.mimetype not in FILES
    # What is laid out for paper takes seconds, and nobody waits for it unknowingly.
    for _ in range(times if is_page else 1):
        started, began = perf_counter(), process_time()
        browser.get(path, buffered=True)
        took.append(perf_counter() - started)
        used.append(process_time() - began)
    return Cost(
        name=name,
        status=answer.status_code,
        is_page=is_page,
        best_ms=min(took) * 1e3,
        median_ms=median(took) * 1e3,
        p95_ms=sorted(took)[math.ceil(len(took) * 0.95) - 1] * 1e3,
        processor_ms=median(used) * 1e3,
        queries=queries,
        kilobytes=len(answer.data) / 1e3,
        server_ms=(median(used) if engine.dialect.name == "sqlite" else min(took)) * 1e3,
    )


def _queries(path: str, browser: FlaskClient, engine: Engine) -> int:
    with _counting(engine) as asked:
        browser.get(path, buffered=True)
    return sum(1 for statement in asked if statement.lstrip().startswith(("SELECT", "WITH")))


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def table(costs: Sequence[Cost]) -> str:
    head = "| page | best ms | median ms | p95 ms | processor ms | queries | kB | |"
    return "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|---|", *map(row, costs)])


def row(cost: Cost) -> str:
    mark = f"**over {BAR_MS} ms**" if cost.is_slow else "" if cost.is_page else "file"
    if cost.is_refused:
        mark = f"**answered {cost.status}**"
    times = (
        f"{cost.best_ms:.0f} | {cost.median_ms:.0f} | {cost.p95_ms:.0f} | {cost.processor_ms:.0f}"
    )
    return f"| {cost.name} | {times} | {cost.queries} | {cost.kilobytes:.0f} | {mark} |"


if __name__ == "__main__":
    main()
