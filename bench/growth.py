"""`python -m bench.growth`: what pages and processes cost from 1,000 to 100,000 products."""

import json
import logging
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from time import process_time

import click
from flask import Flask
from werkzeug.test import Client, EnvironBuilder

from bench.charts import Chart
from bench.filling import shop_environment
from bench.finding_shop import RARE_WORD, fill_up
from bench.in_process import seconds_to_first_answer
from bench.machine import Cores, cores
from bench.recording import AS_A_BROWSER, UnexpectedAnswerError, ask
from bench.rendering import rendering_only
from bench.serving import serving
from bench.writing import put_part
from store.app import create_app, open_doors
from store.catalog.remembering import forget_cards
from store.clock import SystemClock
from store.database import db
from store.migrating import upgrade
from store.paths import ROOT
from store.settings import Settings
from store.web.assets import ensure_built
from store.web.logs import configure_logs

SIZES = (1_000, 10_000, 100_000)
TIMES = 25
FROM_MEMORY_TIMES = 400
WARM_UP = 3
MOST_TRIES = 30
PRODUCTS_ASKED = 20
MOST_GROWTH = 2.0
PAGES: Mapping[str, tuple[str, ...]] = {
    "product": tuple(f"/products/made-{number}" for number in range(1, PRODUCTS_ASKED + 1)),
    "home": ("/",),
    "collection": ("/collections/section-2",),
    "listing": ("/products",),
    "facets": ("/products?colour=black&size=m&type=mug",),
    "search": (f"/products?q={RARE_WORD}",),
}
CARD = (
    "/widget/v1/card.json?url=https%3A%2F%2Fnews.example%2Fswim&title=Harbour+swim+club"
    "&section=Sport&tags=swimming"
)
"""What stands under a story: whoever answers it has read the words of all products."""
TARGET = "bench.targets.web_process:app"
NOTHING_READ = {"BENCH_READS_NOTHING": "1"}
AGAIN = (
    "Again: `.venv/bin/python -m bench.growth --markdown docs/benchmarks.md` writes this part and "
    "its pictures."
)
FILLED = "filled"
"""Left in a folder whose shop is whole, so that it need not be made again."""


@dataclass(frozen=True, slots=True)
class PageCost:
    """Milliseconds of a processor for one page: rendered, and from memory."""

    page: str
    products: int
    rendered_ms: float
    from_memory_ms: float


@dataclass(frozen=True, slots=True)
class WorkerCost:
    """What a web process needs to begin, and what it holds once pages and a card were asked for."""

    products: int
    start_seconds: float
    memory_mb: float
    """Resident: libraries are in it that all processes share."""
    own_mb: float
    """Private and dirty: what the process made."""
    before_mb: float
    """Resident before anything was asked for: the interpreter, its libraries and the code."""


@dataclass(frozen=True, slots=True)
class Growth:
    taken_at: str
    set_up: str
    pages: tuple[PageCost, ...]
    workers: tuple[WorkerCost, ...]


@click.command()
@click.option("--most", default=SIZES[-1], show_default=True, help="The largest catalogue.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the shops for next time.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="And a section here."
)
def main(most: int, keep: Path | None, json_path: Path | None, page_path: Path | None) -> None:
    """Print what grows with the catalogue; ends with 1 where a page grows by more than the bar."""
    found = cores()
    if found is None:
        click.echo("Two cores are needed: one for the server, one for whoever asks.", err=True)
        sys.exit(2)
    ensure_built()
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        growth = measure_growth([s for s in SIZES if s <= most], keep or Path(made), found)
    section = growth_section(growth)
    click.echo(section)
    if json_path:
        json_path.write_text(json.dumps(asdict(growth), indent=2) + "\n", encoding="utf-8")
    if page_path:
        put_part(page_path, section)
        for name, chart in charts(growth).items():
            path = page_path.parent / "pictures" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(chart.svg(), encoding="utf-8")
    if any(_growth(costs) > MOST_GROWTH for costs in _by_page(growth).values()):
        sys.exit(1)


def measure_growth(sizes: Sequence[int], folder: Path, found: Cores) -> Growth:
    taken_at = SystemClock().now().strftime("%Y-%m-%d %H:%M UTC")
    set_up = (
        f"SQLite; of each page the median of {TIMES} renderings in one process with all cards read "
        f"anew, and of {FROM_MEMORY_TIMES} answers from memory; each product has four variants, "
        "the search finds 100 in every catalogue; a worker is a process of granian that was asked "
        "for every page and a card, without the tools of a developer; the machine’s load was "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores when it began, so all times are the "
        "processor’s."
    )
    pages, workers = list[PageCost](), list[WorkerCost]()
    for size in sizes:
        environment = shop_environment(folder.resolve() / str(size))
        os.environ.update(environment)
        with _opened(size) as app:
            pages += [_page_cost(app, page, size) for page in PAGES]
        workers.append(_worker_cost(size, environment, found, folder))
        click.echo(f"{size:,} products are measured", err=True)
    return Growth(taken_at, set_up, tuple(pages), tuple(workers))


def growth_section(growth: Growth) -> str:
    """Return the part of the page that tells how things grow, with its pictures."""
    sizes = _sizes(growth)
    head = " | ".join(f"{size:,}" for size in sizes)
    explained = (
        f"Growth is the largest over the smallest, the bar {MOST_GROWTH:g} ×; the slope is the "
        "exponent of the number of products, 0 where a page does not grow and 1 where it takes "
        "ten times as long for ten times as much."
    )
    return "\n".join(
        [
            "## Growing",
            "",
            f"Taken {growth.taken_at}; {growth.set_up}",
            "",
            explained,
            "",
            f"| processor ms, rendered | {head} | growth | slope | cleared |",
            f"|---{'|--:' * (len(sizes) + 2)}|---|",
            *(_page_row(page, costs) for page, costs in _by_page(growth).items()),
            "",
            f"| processor ms, from memory | {head} |",
            f"|---{'|--:' * len(sizes)}|",
            *(
                _row(page, [f"{cost.from_memory_ms:.3f}" for cost in costs])
                for page, costs in _by_page(growth).items()
            ),
            "",
            f"| a worker | {head} |",
            f"|---{'|--:' * len(sizes)}|",
            _row("memory, MB", [f"{worker.memory_mb:.0f}" for worker in growth.workers]),
            _row("of it private and dirty", [f"{w.own_mb:.0f}" for w in growth.workers]),
            _row("before it has read anything", [f"{w.before_mb:.0f}" for w in growth.workers]),
            _row("to the first page, s", [f"{w.start_seconds:.2f}" for w in growth.workers]),
            "",
            *(f"![{chart.title}](pictures/{name})" for name, chart in charts(growth).items()),
            "",
            AGAIN,
            "",
        ]
    )


def charts(growth: Growth) -> dict[str, Chart]:
    """Return the pictures by the names of their files."""
    sizes, by_page = _sizes(growth), _by_page(growth)
    rendered = {page: [cost.rendered_ms for cost in costs] for page, costs in by_page.items()}
    remembered = {
        page: [cost.from_memory_ms * 1e3 for cost in costs] for page, costs in by_page.items()
    }
    memory = {"memory": [worker.memory_mb for worker in growth.workers]}
    return {
        "growth-rendered.svg": Chart("A page rendered", "processor ms", sizes, rendered),
        "growth-from-memory.svg": Chart("A page from memory", "processor µs", sizes, remembered),
        "growth-worker.svg": Chart("What a worker holds", "MB", sizes, memory),
    }


@contextmanager
def _opened(size: int) -> Iterator[Flask]:
    """Yield the shop that the environment names, made first where there is none."""
    settings = Settings.from_environment(_env_file=None)
    upgrade(settings)
    app = create_app(settings, open_doors(settings))
    # Thousands of requests are no news.
    configure_logs(logging.ERROR)
    mark = settings.data_dir / FILLED
    with app.app_context():
        if not mark.exists():
            fill_up(size, SystemClock())
            mark.touch()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _page_cost(app: Flask, page: str, size: int) -> PageCost:
    reader, turns = Client(rendering_only(app)), cycle(PAGES[page])
    networks = cycle({"REMOTE_ADDR": f"203.0.113.{number}"} for number in range(250))

    def render() -> None:
        # Each from another network: how often one may search is not what is measured.
        _expect(reader.get(next(turns), environ_overrides=next(networks)).status_code, page)

    for _ in range(WARM_UP):
        render()
    rendered = median(_used_ms(render, before=forget_cards) for _ in range(TIMES))
    return PageCost(page, size, rendered, _from_memory_ms(app, page))


def _from_memory_ms(app: Flask, page: str) -> float:
    """Return what an answer takes, asked for as the server does: a test client takes far more."""
    environ = EnvironBuilder(PAGES[page][0], headers=AS_A_BROWSER.items()).get_environ()
    heads: list[tuple[str, list[tuple[str, str]]]] = []

    def answer(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[..., None]:
        heads[:] = [(status, headers)]
        return _no_write

    def answer_many() -> None:
        for _ in range(FROM_MEMORY_TIMES):
            app.wsgi_app(environ.copy(), answer)

    for _ in range(WARM_UP):
        list(app.wsgi_app(environ.copy(), answer))
    status, headers = heads[0]
    if not status.startswith("200 ") or "Age" not in dict(headers):
        raise UnexpectedAnswerError(f"{page} answered {status}, or not from memory")
    return median(_used_ms(answer_many) for _ in range(WARM_UP)) / FROM_MEMORY_TIMES


def _no_write(*_: object) -> None:
    raise NotImplementedError("the application answers with an iterable")


def _used_ms(work: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    before()
    began = process_time()
    work()
    return (process_time() - began) * 1e3


def _expect(status: int, page: str) -> None:
    if status != 200:
        raise UnexpectedAnswerError(f"{page} answered {status}")


def _worker_cost(
    size: int, environment: Mapping[str, str], found: Cores, folder: Path
) -> WorkerCost:
    product = PAGES["product"][0]
    _, used = seconds_to_first_answer(product, environment, core=found.server)
    log = folder / "server.log"
    # The catalogue is read within a second by itself: what stands before it has none.
    with serving(
        TARGET, core=found.server, environment={**environment, **NOTHING_READ}, log=log
    ) as one:
        before = one.worker_mb
    with serving(TARGET, core=found.server, environment=environment, log=log) as server:
        for path in (*(path for paths in PAGES.values() for path in paths), CARD):
            _ask_until_answered(server.port, path)
        return WorkerCost(size, used, server.worker_mb, server.worker_own_mb, before)


def _ask_until_answered(port: int, path: str) -> None:
    """Ask as readers do who come again: the first waits while the whole catalogue is read."""
    for _ in range(MOST_TRIES):
        with suppress(TimeoutError):
            _expect(ask(port, path).status, path)
            return
    raise UnexpectedAnswerError(f"{path} was not answered in {MOST_TRIES} tries")


def _sizes(growth: Growth) -> list[int]:
    return [worker.products for worker in growth.workers]


def _by_page(growth: Growth) -> dict[str, list[PageCost]]:
    return {page: [cost for cost in growth.pages if cost.page == page] for page in PAGES}


def _growth(costs: Sequence[PageCost]) -> float:
    return costs[-1].rendered_ms / costs[0].rendered_ms


def _slope(costs: Sequence[PageCost]) -> float:
    """Return the exponent that fits best: least squares over both logarithms."""
    xs = [math.log(cost.products) for cost in costs]
    ys = [math.log(cost.rendered_ms) for cost in costs]
    middle, level = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle) ** 2 for x in xs)
    if not spread:
        return 0.0
    return sum((x - middle) * (y - level) for x, y in zip(xs, ys, strict=True)) / spread


def _page_row(page: str, costs: Sequence[PageCost]) -> str:
    growth = _growth(costs)
    cleared = "yes" if growth <= MOST_GROWTH else "**no**"
    cells = [f"{cost.rendered_ms:.2f}" for cost in costs]
    return _row(page, [*cells, f"{growth:.2f} ×", f"{_slope(costs):.2f}", cleared])


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
