"""`python -m bench.waves`: hundreds of readers on one product page while its price changes."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from bench.crowd import Crowd
from bench.filling import FilledShop, fill, shop_environment
from bench.machine import cores
from bench.serving import serving
from bench.wave_figures import Change, Wave, judged, markdown_line
from bench.writing import put_part
from store.clock import SystemClock
from store.paths import ROOT
from store.web.assets import ensure_built

SPARE_SECONDS = 5
"""Changes go on for longer than readers do, and are ended with the last of them."""


@click.command()
@click.option("--seconds", default=60.0, show_default=True, help="600 is the ten minutes' form.")
@click.option("--connections", default=500, show_default=True)
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(seconds: float, connections: int, page_path: Path | None) -> None:
    """Print the figures as JSON and as a line of Markdown; end with 1 where a bar is missed."""
    ensure_built()
    with tempfile.TemporaryDirectory(prefix="bench-waves-") as made:
        folder = Path(made)
        os.environ.update(shop_environment(folder / "shop"))
        wave = _wave(fill(folder / "shop"), folder, seconds, connections)
    click.echo(json.dumps(asdict(wave) | {"judged": judged(wave)}, indent=2))
    click.echo(markdown_line(wave))
    if page_path:
        put_part(page_path, _section(wave))
    if not all(judged(wave).values()):
        sys.exit(1)


def _section(wave: Wave) -> str:
    return (
        f"## A wave of readers\n\nTaken {SystemClock().now():%Y-%m-%d %H:%M} UTC: readers of one "
        "product page, each on a connection of its own, while its price changes.\n\n"
        "| readers | answers | median | 99th percentile | oldest | errors | |\n"
        f"|---|---|---|---|---|---|---|\n{markdown_line(wave)}\n\n"
        "Again: `.venv/bin/python -m bench.waves --markdown docs/benchmarks.md`."
    )


def _wave(shop: FilledShop, folder: Path, seconds: float, connections: int) -> Wave:
    found = cores()
    if found is None:
        click.echo("Two cores are needed: one for the server, one for the readers.", err=True)
        sys.exit(2)
    os.sched_setaffinity(0, {found.tool})
    log = folder / "server.log"
    with serving(
        "store.wsgi:app", core=found.server, environment=shop.environment, log=log
    ) as server:
        command = [sys.executable, "-m", "bench.price_changes"]
        lasting = ["--seconds", str(seconds + SPARE_SECONDS)]
        with (
            (folder / "changes.log").open("wb") as said,
            subprocess.Popen(
                [*command, *lasting], cwd=ROOT, stdout=subprocess.PIPE, stderr=said
            ) as changing,
        ):
            try:
                changes = [_change(changing)]
                crowd = Crowd(server.port, shop.product_paths[0])
                asyncio.run(crowd.read(connections, seconds))
                changing.terminate()
                rest = changing.stdout.readlines() if changing.stdout else []
            finally:
                changing.kill()
        changes += [Change(**json.loads(line)) for line in rest]
    return crowd.figures(changes, connections, seconds)


def _change(changing: "subprocess.Popen[bytes]") -> Change:
    """Wait for the next change; readers come after the first, whose price they know."""
    line = changing.stdout.readline() if changing.stdout else b""
    return Change(**json.loads(line))


if __name__ == "__main__":
    main()
