"""`python -m bench`: measures the shop beside bare WSGI and Flask, and says so as a table."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from bench.figures import Results
from bench.filling import fill, shop_environment
from bench.machine import cores, describe
from bench.running import Run, set_up_words
from bench.stories import measure_stories
from bench.writing import as_json, markdown, put_part, stories_section
from store.clock import SystemClock
from store.web.assets import ensure_built

NEEDED = {"wrk": "wrk", "taskset": "util-linux"}


@click.command()
@click.option("--seconds", default=4.0, show_default=True, help="How long each rate is measured.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a page there."
)
@click.option("--postgresql", is_flag=True, help="Choose products on PostgreSQL as well.")
def main(
    seconds: float, json_path: Path | None, page_path: Path | None, *, postgresql: bool
) -> None:
    """Measure everything in one run; ends with 1 where an answer failed, so no figure lies."""
    found = cores()
    if found is None:
        _refuse("Two cores are needed: one for the server, one for the load tool.")
        return
    for command, package in NEEDED.items():
        if shutil.which(command) is None:
            _refuse(f"{command} is missing: install {package} (Debian: apt-get install {package}).")
    ensure_built()
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        folder = Path(made)
        os.environ.update(shop_environment(folder / "shop"))
        taken_at = SystemClock().now().strftime("%Y-%m-%d %H:%M UTC")
        results = Results(describe(), taken_at, seconds, set_up_words(found))
        shop = fill(folder / "shop")
        Run(shop, found, folder, seconds, results, _say).everything()
    results.chosen = measure_stories(on_postgresql=postgresql)
    parts = [markdown(results), "\n".join(stories_section(results.chosen))]
    click.echo("\n".join(parts))
    if json_path:
        json_path.parent.mkdir(parents=True, exist_ok=True)
        json_path.write_text(as_json(results), encoding="utf-8")
    if page_path:
        for part in parts:
            put_part(page_path, part)
    if not all(rate.is_sound for rate in results.rates.values()):
        sys.exit(1)


def _say(words: str) -> None:
    click.echo(words, err=True)


def _refuse(words: str) -> None:
    _say(words)
    sys.exit(2)


if __name__ == "__main__":
    main()
