"""The long form: `python -m tests.fuzz --minutes 10 [--postgresql] [--seed N] [--only WORDS]`."""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from store.clock import FixedClock
from store.database import db
from store.migrating import upgrade_url
from tests.conftest import START
from tests.databases import PostgreSQLDatabases, SQLiteDatabases, quick_folder
from tests.fuzz.fuzzing import broken_by
from tests.fuzz.ground import Ground, open_ground
from tests.shop import StandingShop, some_settings
from tests.throwaway_postgresql import throwaway_server

EXAMPLES = 25
"""For each method of each route, in each round."""


def main() -> int:
    asked = _asked()
    seed = asked.seed if asked.seed is not None else random.randrange(2**32)
    click.echo(f"seed {seed}; the same again: python -m tests.fuzz --seed {seed}")
    ends = time.monotonic() + asked.minutes * 60
    found: dict[str, str] = {}
    with _databases(asked.postgresql) as databases, _ground(databases) as ground:
        rounds = 0
        while time.monotonic() < ends:
            for route in ground.atlas.routes:
                if asked.only not in route.name or time.monotonic() > ends:
                    continue
                for one in broken_by(ground, route, examples=asked.examples, seed=seed + rounds):
                    if found.setdefault(one.partition("\n")[0], one) is one:
                        click.echo(one)
            rounds += 1
            if asked.once:
                break
        click.echo(f"{ground.asked} requests, {rounds} rounds, {len(found)} broken, seed {seed}")
    return 1 if found else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--postgresql", nargs="?", const="throwaway", default="")
    parser.add_argument("--only", default="", help="routes whose name holds this")
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--once", action="store_true", help="one round, however long it takes")
    return parser.parse_args()


@contextmanager
def _databases(server: str) -> Iterator[SQLiteDatabases | PostgreSQLDatabases]:
    if not server:
        with quick_folder() as folder:
            yield SQLiteDatabases(folder, upgrade_url)
        return
    if server == "throwaway":
        with throwaway_server() as url, _databases(url) as databases:
            yield databases
        return
    databases = PostgreSQLDatabases(server, "store_fuzz", upgrade_url)
    try:
        yield databases
    finally:
        databases.drop()


@contextmanager
def _ground(databases: SQLiteDatabases | PostgreSQLDatabases) -> Iterator[Ground]:
    clock = FixedClock(START)
    with TemporaryDirectory(prefix="store-fuzz-") as folder, databases.fresh() as url:
        standing = StandingShop(some_settings(Path(folder) / "var", url), clock)
        try:
            yield open_ground(standing.reopen(), databases)
        finally:
            with standing.app.app_context():
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
