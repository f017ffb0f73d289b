"""`python -m bench.imports`: how long ten thousand rows take to come in, and in how much memory."""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from bench.filling import COLOURS, KINDS, PLACES, SIZES, STUFFS, shop_environment
from bench.machine import hardware
from bench.writing import put_part
from store.catalog.importing.formats import Field
from store.clock import SystemClock
from store.migrating import upgrade_url
from tests.throwaway_postgresql import throwaway_server

ROWS = 10_000
MOST_SECONDS, MOST_MB = 20.0, 150.0
SHAPES = {"five variants to a product": 5, "one variant to a product": 1}
DEARER = "every price raised"
RUNS = ("first time", "second time", DEARER)
LEFT_OUT = (Field.GIFT_CARD, Field.OPTION3_NAME, Field.OPTION3_VALUE)
COLUMNS: tuple[str, ...] = tuple(field for field in Field if field not in LEFT_OUT)


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
        verdict = "clears" if self.clears else "MISSES"
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
        "Again: `.venv/bin/python -m bench.imports --markdown docs/benchmarks.md`."
    )


def _measured(database: str, server_url: str) -> Iterator[Outcome]:
    for shape, variants in SHAPES.items():
        with tempfile.TemporaryDirectory(prefix="bench-") as made:
            folder = Path(made)
            url = server_url or f"sqlite:///{folder / 'store.sqlite'}"
            # One database for both files: the second comes into a shop that has goods.
            upgrade_url(url)
            path = folder / "products.csv"
            write_file(path, variants)
            environment = shop_environment(folder) | {"STORE_DATABASE_URL": url}
            for run in RUNS:
                if run == DEARER:
                    _raise_prices(path)
                figures, said = _run(path, environment)
                yield Outcome(database, shape, run, **figures, said=said)


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


def write_file(path: Path, variants: int) -> None:
    """Write always the same file: a legacy header, descriptions in HTML, two pictures each."""
    chance = random.Random(2026)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in range(ROWS // variants):
            writer.writerows(_product(number, variants, chance))


def _raise_prices(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {Field.PRICE: f"1{row[Field.PRICE]}"} for row in rows)


def _product(number: int, variants: int, chance: random.Random) -> Iterator[dict[str, str]]:
    kind, stuff = chance.choice(KINDS), chance.choice(STUFFS)
    handle = f"{kind}-{variants}-{number}"
    combinations = [(size, colour) for size in SIZES for colour, _ in COLOURS][:variants]
    for place, (size, colour) in enumerate(combinations):
        first = _of_product(number, kind, stuff, chance) if place == 0 else {}
        options = _options(size, colour) if variants > 1 else {}
        yield {
            Field.HANDLE: handle,
            Field.SKU: f"{handle}-{place}",
            Field.PRICE: f"{chance.randrange(1_500, 9_500, 50) / 100:.2f}",
            Field.GRAMS: "226.796185",
            Field.TRACKER: "shopify",
            Field.QUANTITY: str(chance.randrange(1, 200)),
            Field.POLICY: "deny",
            Field.REQUIRES_SHIPPING: "TRUE",
            Field.TAXABLE: "true",
            Field.IMAGE_SRC: f"https://pictures.example.org/{handle}-{place}.jpg",
            Field.IMAGE_POSITION: str(place + 1),
            Field.VARIANT_IMAGE: f"https://pictures.example.org/{handle}-0.jpg",
        } | (first | options)


def _of_product(number: int, kind: str, stuff: str, chance: random.Random) -> dict[str, str]:
    place = chance.choice(PLACES)
    return {
        Field.TITLE: f"The {place} {kind}, number {number}",
        Field.BODY: (
            f"<p>A {kind} of {stuff}, printed in {place}.</p>\n<p>Drawn by hand, set in the type of"
            " the old Saturday paper and <strong>proofed twice</strong>.</p>"
            f"<ul><li>Made of {stuff}</li><li>Packed in card</li></ul>"
        ),
        Field.VENDOR: "The press room",
        Field.TYPE: kind.capitalize(),
        Field.TAGS: f"{kind}, {place}, {stuff}",
        Field.PUBLISHED: "TRUE",
        Field.STATUS: "active",
        Field.OPTION1_NAME: "Title",
        Field.OPTION1_VALUE: "Default Title",
    }


def _options(size: str, colour: str) -> dict[str, str]:
    return {
        Field.OPTION1_NAME: "Size",
        Field.OPTION1_VALUE: size,
        Field.OPTION2_NAME: "Colour",
        Field.OPTION2_VALUE: colour,
    }


if __name__ == "__main__":
    main()
