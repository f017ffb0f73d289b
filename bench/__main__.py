"""`python -m bench`: measures the shop beside bare WSGI and Flask, and says so as a table.

With `--all` every bench of the project runs, and `--compare` tells what became worse since.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import click

from bench.everything import BENCHES, Again, Gathered, as_json, compared, gather, read
from bench.figures import Results
from bench.filling import fill, shop_environment
from bench.machine import cores, describe
from bench.running import Run, set_up_words
from bench.stories import measure_stories
from bench.writing import as_json as results_json
from bench.writing import markdown, put_part, stories_section
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
@click.option("--all", "is_all", is_flag=True, help="Run every bench of the project.")
@click.option("--long", "is_long", is_flag=True, help="With --all: in the form of the docs, hours.")
@click.option("--only", default="", help="With --all: these benches, with commas between.")
@click.option("--budget", default=40.0, show_default=True, help="With --all: minutes for them.")
@click.option(
    "--compare",
    "old_path",
    type=click.Path(path_type=Path, exists=True),
    help="With --all: tell what became worse since this JSON; ends with 1 where anything did.",
)
def main(
    seconds: float,
    json_path: Path | None,
    page_path: Path | None,
    *,
    postgresql: bool,
    is_all: bool,
    is_long: bool,
    only: str,
    budget: float,
    old_path: Path | None,
) -> None:
    """Measure the shop in one run; ends with 1 where an answer failed or a bar was missed."""
    if is_all:
        old = _read(old_path) if old_path else None
        names = only.split(",") if only else [bench.name for bench in BENCHES]
        until = perf_counter() + budget * 60

        def run(names: Sequence[str], page_path: Path | None = None) -> Gathered:
            wanted = [bench for bench in BENCHES if bench.name in names]
            left = until - perf_counter()
            return gather(wanted, page_path, _say, is_long=is_long, budget_seconds=left)

        sys.exit(_tell(run(names, page_path), json_path, old, run))
    _measure(seconds, json_path, page_path, postgresql=postgresql)


def _read(path: Path) -> Gathered:
    """Read what is compared with before half an hour is spent on measuring."""
    try:
        return read(path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        told = f"{path} holds no figures of `python -m bench --all --json` of this version: {error}"
        raise click.BadParameter(told, param_hint="--compare") from error


def _tell(gathered: Gathered, json_path: Path | None, old: Gathered | None, again: Again) -> int:
    """Keep the figures and compare them; 1 where one is worse, 2 where a bench missed a bar."""
    if json_path:
        json_path.parent.mkdir(parents=True, exist_ok=True)
        json_path.write_text(as_json(gathered), encoding="utf-8")
    is_worse = old is not None and compared(old, gathered, click.echo, again)
    return 1 if is_worse else 2 if gathered.unkept else 0


def _measure(
    seconds: float, json_path: Path | None, page_path: Path | None, *, postgresql: bool
) -> None:
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
        json_path.write_text(results_json(results), encoding="utf-8")
    if page_path:
        for part in parts:
            put_part(page_path, part)
    if not results.is_good:
        sys.exit(1)


def _say(words: str) -> None:
    click.echo(words, err=True)


def _refuse(words: str) -> None:
    _say(words)
    sys.exit(2)


if __name__ == "__main__":
    main()
