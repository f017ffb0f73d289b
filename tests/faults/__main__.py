"""`python -m tests.faults`: a shop that is harmed in every way known to us while buyers buy."""

import json
import signal
import sys
from pathlib import Path

import click

from bench.writing import put_part
from store.web.assets import ensure_built
from tests.faults.plan import Plan
from tests.faults.reporting import as_json, markdown, printed
from tests.faults.running import run


@click.command()
@click.option("--minutes", default=30.0, show_default=True, help="At most, for each database.")
@click.option("--kills", default=300, show_default=True)
@click.option("--wire", default=10_000, show_default=True, help="Faults on the way to Stripe.")
@click.option("--checkouts", default=1_000, show_default=True)
@click.option("--buyers", default=8, show_default=True, help="At once.")
@click.option("--seed", default=1, show_default=True)
@click.option("--postgresql", is_flag=True, help="On a throw-away PostgreSQL, after SQLite.")
@click.option("--sqlite/--no-sqlite", default=True, show_default=True)
@click.option("--busy", is_flag=True, help="Do not judge how soon a restart answers.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(
    *,
    minutes: float,
    kills: int,
    wire: int,
    checkouts: int,
    buyers: int,
    seed: int,
    json_path: Path | None,
    page_path: Path | None,
    postgresql: bool,
    sqlite: bool,
    busy: bool,
) -> None:
    """Print what was done and what came of it; end with 1 where a promise was broken."""
    ensure_built()
    # Whoever ends the program ends what it started.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    plan = Plan(
        minutes, kills, wire, checkouts, seed=seed, buyers=buyers, is_strict_on_time=not busy
    )
    wanted = [False] * sqlite + [True] * postgresql
    runs = [run(plan, on_postgresql=on_postgresql) for on_postgresql in wanted]
    for done in runs:
        click.echo(printed(done))
    if json_path:
        json_path.write_text(json.dumps([as_json(done) for done in runs], indent=2) + "\n")
    if page_path:
        put_part(page_path, markdown(runs, plan))
    if not all(done.is_good for done in runs):
        sys.exit(1)


if __name__ == "__main__":
    main()
