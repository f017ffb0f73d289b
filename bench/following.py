"""`python -m bench.following`: what a product page costs with spans and without, by the processor.

Three shops in turn, again and again: without the setting, with it, and once more without, so that
what the machine does meanwhile shows as the difference between the first and the third.
"""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from bench.filling import FilledShop, fill, shop_environment
from bench.machine import Cores, cores
from bench.recording import ask
from bench.serving import Server, children, serving
from bench.writing import put_part
from store.clock import SystemClock
from store.web.assets import ensure_built

OFF, ON, AGAIN = SHOPS = ("off", "on", "off again")
PAGES = {
    "rendered": "bench.targets.shop_uncached:app",
    "from memory": "store.wsgi:app",
}
OFF_LIMIT = 1.10
"""Two shops that are the same may differ by this: what is off costs nothing that can be seen."""


@dataclass(frozen=True, slots=True)
class Followed:
    page: str
    asked: int
    off_ms: float
    on_ms: float
    again_ms: float
    spans_came: bool

    @property
    def on_ratio(self) -> float:
        return self.on_ms / self.off_ms

    @property
    def again_ratio(self) -> float:
        return self.again_ms / self.off_ms

    @property
    def is_steady(self) -> bool:
        return self.again_ratio < OFF_LIMIT and self.spans_came


@dataclass(frozen=True, slots=True)
class Asking:
    page: str
    path: str
    rounds: int
    requests: int


class _Collector(BaseHTTPRequestHandler):
    """Takes spans and keeps nothing of them but that some came."""

    came = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.came.set()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing: what is measured is beside it."""


@click.command()
@click.option("--rounds", default=60, show_default=True)
@click.option("--requests", default=150, show_default=True, help="Of each shop in each round.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(rounds: int, requests: int, json_path: Path | None, page_path: Path | None) -> None:
    """Print what a page costs; ends with 1 where no span came, or chance alone does more."""
    found = cores()
    if found is None:
        click.echo("Two cores are needed: one for the server, one for whoever asks.", err=True)
        sys.exit(2)
    ensure_built()
    with tempfile.TemporaryDirectory(prefix="bench-following-") as made, _collecting() as url:
        folder = Path(made)
        os.environ.update(shop_environment(folder / "shop"))
        shop = fill(folder / "shop")
        told = [
            _measured(
                Asking(page, shop.product_paths[0], rounds, requests),
                target,
                _environments(shop, url),
                folder,
                found,
            )
            for page, target in PAGES.items()
        ]
    click.echo(section(told))
    if json_path:
        figures = [
            {"name": f"{one.page}, {shop}", "processor_ms": ms}
            for one in told
            for shop, ms in zip(SHOPS, (one.off_ms, one.on_ms, one.again_ms), strict=True)
        ]
        json_path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if page_path:
        put_part(page_path, section(told))
    if not all(one.is_steady for one in told):
        sys.exit(1)


def _environments(shop: FilledShop, url: str) -> dict[str, Mapping[str, str]]:
    silent = {**shop.environment, "STORE_TRACES_URL": "", "OTEL_SDK_DISABLED": "true"}
    spoken = {**shop.environment, "STORE_TRACES_URL": url}
    return {OFF: silent, ON: spoken, AGAIN: silent}


def _measured(
    asking: Asking,
    target: str,
    environments: Mapping[str, Mapping[str, str]],
    folder: Path,
    found: Cores,
) -> Followed:
    """Ask the three in turn, so that a busy minute meets all of them."""
    _Collector.came.clear()
    with ExitStack() as running:
        servers = {
            name: running.enter_context(
                serving(
                    target,
                    core=found.server,
                    environment=environments[name],
                    log=folder / f"{asking.page}-{name}.log",
                )
            )
            for name in SHOPS
        }
        spent: dict[str, list[float]] = {name: [] for name in SHOPS}
        for _round in range(asking.rounds + 1):
            for name in SHOPS:
                spent[name].append(_spent_ms(servers[name], asking.path, asking.requests))
        came = _Collector.came.wait(10)
    # In the first round whatever is asked only once was asked.
    off, on, again = (min(spent[name][1:]) for name in SHOPS)
    return Followed(asking.page, asking.rounds * asking.requests, off, on, again, came)


def _spent_ms(server: Server, path: str, requests: int) -> float:
    """Return what one request costs server and worker, by the processor."""
    before = _on_processors(server)
    for _request in range(requests):
        ask(server.port, path)
    return (_on_processors(server) - before) * 1e3 / requests


def _on_processors(server: Server) -> float:
    """Return the seconds that threads of the server were on a processor, to the nanosecond."""
    pids = (server.pid, *children(server.pid))
    tasks = (task for pid in pids for task in Path(f"/proc/{pid}/task").iterdir())
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def _collecting() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Collector) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/traces"
        finally:
            server.shutdown()
            thread.join()


def section(told: Sequence[Followed]) -> str:
    lines = [
        f"| {one.page} | {one.off_ms:.2f} | {one.on_ms:.2f} | {one.on_ratio:.2f} × "
        f"| {one.again_ms:.2f} | {_told(one)} |"
        for one in told
    ]
    taken = (
        f"Taken {SystemClock().now():%Y-%m-%d %H:%M} UTC: {told[0].asked:,} requests of each, a "
        "connection each, to three shops in turn; milliseconds of the processor, the least "
        "of the rounds. Spans go to a collector on loopback. The third shop is the first once "
        "more: its ratio is what chance does."
    )
    return "\n".join(
        [
            "## A product page, followed",
            "",
            taken,
            "",
            "| product page | off | with spans | ratio | off again | ratio |",
            "|---|--:|--:|--:|--:|--:|",
            *lines,
            "",
            "Again: `.venv/bin/python -m bench.following --markdown docs/benchmarks.md`.",
        ]
    )


def _told(one: Followed) -> str:
    ratio = f"{one.again_ratio:.2f} ×" if one.spans_came else "no span came"
    return ratio if one.is_steady else f"**{ratio}**"


if __name__ == "__main__":
    main()
