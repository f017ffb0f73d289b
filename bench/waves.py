"""`python -m bench.waves`: a story goes round: its card and one product page, asked by hundreds.

The price of the product changes every second meanwhile; both have to show it within two.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bench.crowd import Crowd, price_on_card, price_on_page
from bench.filling import FilledShop, fill, shop_environment
from bench.machine import cores, taken_at
from bench.serving import serving
from bench.wave_figures import Change, Wave, judged, markdown_line
from bench.writing import put_part, tell_figures
from store.paths import ROOT
from store.web.assets import ensure_built

STORY = "url=http%3A%2F%2Flocalhost%3A5002%2Flocal%2Fthe-story-of-the-year&title=All+of+it"
SPARE_SECONDS = 5
"""Changes go on for longer than readers do, and are ended with the last of them."""


@click.command()
@click.option("--seconds", default=60.0, show_default=True, help="600 is the ten minutes' form.")
@click.option("--connections", default=500, show_default=True, help="Half of them for the card.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(seconds: float, connections: int, json_path: Path | None, page_path: Path | None) -> None:
    """Print the figures as JSON and as lines of Markdown; end with 1 where a bar is missed."""
    ensure_built()
    with tempfile.TemporaryDirectory(prefix="bench-waves-") as made:
        folder = Path(made)
        os.environ.update(shop_environment(folder / "shop"))
        waves = _waves(fill(folder / "shop"), folder, seconds, connections)
    tell_figures([asdict(wave) | {"judged": judged(wave)} for wave in waves], json_path)
    click.echo("\n".join(map(markdown_line, waves)))
    if page_path:
        put_part(page_path, _section(waves))
    if not all(all(judged(wave).values()) for wave in waves):
        sys.exit(1)


def _section(waves: Sequence[Wave]) -> str:
    lines = "\n".join(map(markdown_line, waves))
    return (
        f"## A wave of readers\n\nTaken {taken_at()}: a story goes "
        "round. Its card, with the product that its editor chose, and the page of that product are "
        "read at once, each reader on a connection of its own, while the price changes every "
        "second.\n\n"
        "| readers | answers | median | 99th percentile | oldest | errors | |\n"
        f"|---|---|---|---|---|---|---|\n{lines}\n\n"
        "Again: `.venv/bin/python -m bench.waves --seconds 600 --markdown docs/benchmarks.md`."
    )


def _waves(shop: FilledShop, folder: Path, seconds: float, connections: int) -> list[Wave]:
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
                crowds = _crowds(server.port, shop.product_paths[0])
                asyncio.run(_read(crowds, connections // len(crowds), seconds))
                changing.terminate()
                rest = changing.stdout.readlines() if changing.stdout else []
            finally:
                changing.kill()
        changes += [Change(**json.loads(line)) for line in rest]
    return [crowd.figures(changes, connections // len(crowds), seconds) for crowd in crowds]


def _crowds(port: int, product_path: str) -> tuple[Crowd, Crowd]:
    handle = product_path.rsplit("/", 1)[-1]
    card = f"/widget/v1/card.json?{STORY}&products={handle}"
    return (
        Crowd(port, product_path, price_on_page, "product page"),
        Crowd(port, card, price_on_card, "card of the story"),
    )


async def _read(crowds: Sequence[Crowd], connections: int, seconds: float) -> None:
    await asyncio.gather(*(crowd.read(connections, seconds) for crowd in crowds))


def _change(changing: "subprocess.Popen[bytes]") -> Change:
    """Wait for the next change; readers come after the first, whose price they know."""
    line = changing.stdout.readline() if changing.stdout else b""
    return Change(**json.loads(line))


if __name__ == "__main__":
    main()
