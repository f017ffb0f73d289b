"""`python -m bench.imports`: how long ten thousand rows take to come in, and in how much memory."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from bench.filling import shop_environment
from bench.machine import hardware
from bench.product_files import FILES, ROWS
from bench.writing import put_part
from store.clock import SystemClock
from store.migrating import upgrade_url
from tests.throwaway_postgresql import throwaway_server

MOST_SECONDS, MOST_MB = 20.0, 150.0
DEARER = "every price raised"
RUNS = ("first time", "second time", DEARER)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of the command on one file, by one database."""

    database: str
    shape: str
    run: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    said: str

    @property
    def clears(self) -> bool:
        return self.seconds <= MOST_SECONDS and self.peak_mb <= MOST_MB

    @property
    def line(self) -> str:
        verdict = "clears" if self.clears else "**misses**"
        return (
            f"{self.database}, {ROWS:,} rows, {self.shape}, {self.run}: {self.seconds:.1f} s"
            f" ({self.cpu_seconds:.1f} s of processor), {self.peak_mb:.0f} MB"
            f" ({verdict} {MOST_SECONDS:.0f} s, {MOST_MB:.0f} MB) – {self.said}"
        )


@click.command()
@click.option("--postgresql", is_flag=True, help="Measure on PostgreSQL as well.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="And a section here."
)
def main(json_path: Path | None, page_path: Path | None, *, postgresql: bool) -> None:
    """Import files of our own making three times, each in a process of its own.

    Ends with 1 where a bar was missed.
    """
    outcomes = list(_measured("SQLite", ""))
    if postgresql:
        with throwaway_server() as url:
            outcomes += _measured("PostgreSQL", url)
    figures = json.dumps({"machine": hardware(), "imports": [asdict(one) for one in outcomes]})
    click.echo(figures)
    if json_path:
        json_path.write_text(figures + "\n", encoding="utf-8")
    for outcome in outcomes:
        click.echo(outcome.line)
    if page_path:
        put_part(page_path, _section(outcomes))
    sys.exit(0 if all(outcome.clears for outcome in outcomes) else 1)


def _section(outcomes: Sequence[Outcome]) -> str:
    lines = "\n".join(f"- {outcome.line}" for outcome in outcomes)
    return (
        f"## Product files\n\nTaken {SystemClock().now():%Y-%m-%d %H:%M} UTC, each import in a "
        f"process of its own.\n\n{lines}\n\n"
        "Again: `.venv/bin/python -m bench.imports --postgresql --markdown docs/benchmarks.md`."
    )


def _measured(database: str, server_url: str) -> Iterator[Outcome]:
    for file in FILES:
        with tempfile.TemporaryDirectory(prefix="bench-") as made:
            folder = Path(made)
            url = server_url or f"sqlite:///{folder / 'store.sqlite'}"
            # On a server one database for all: each file comes into a shop that has goods.
            upgrade_url(url)
            path = folder / "products.csv"
            file.write(path)
            environment = shop_environment(folder) | {"STORE_DATABASE_URL": url}
            for run in RUNS:
                if run == DEARER:
                    file.raise_prices(path)
                figures, said = _run(path, environment)
                yield Outcome(database, file.shape, run, **figures, said=said)


def _run(path: Path, environment: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.targets.one_import", str(path)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stderr.splitlines()[-1]), done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    main()
