"""Promises about restoring where something is wrong already: damaged, in use, full, away."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from sqlalchemy import select

from store.backup import postgresql
from store.cli.refusals import plain_words
from store.database import db
from store.inventory.models import StockLevel
from tests.backup.moving import Place, an_archive, let_go, restore
from tests.buying import a_variant
from tests.ports import free_port
from tests.shop import Shop

ENOUGH_FOR_FILES = 100_000
"""Bytes: less than any database of a shop."""
RUBBISH = b"what a dying disk left of a shop " * 1_000
READ_ON = """
import sqlite3, sys
shop = sqlite3.connect(sys.argv[1])
shop.execute("PRAGMA journal_mode=WAL")
shop.execute("SELECT count(*) FROM product").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def archive(shop: Shop, tmp_path: Path) -> Path:
    if not shop.services.settings.database_url.startswith("sqlite"):
        pytest.skip("a server looks after its own files")
    a_variant(shop, stock=7)
    return an_archive(shop, tmp_path / "backups")


@pytest.fixture
def damaged(place: Place) -> Path:
    path = place.settings.data_dir / "store.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(RUBBISH)
    return path


@contextmanager
def no_room_for_more_than(count: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def another_shop_at(path: Path) -> Iterator[None]:
    """Have another process read the database, and keep it open: locks are between processes."""
    with subprocess.Popen(
        [sys.executable, "-c", READ_ON, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        yield
        reader.communicate()


def stock_at(place: Place) -> int | None:
    app = place.open()
    with app.app_context():
        found = db.session.scalar(select(StockLevel.on_hand))
    let_go(app)
    return found


def test_a_damaged_database_stays_unless_its_end_is_typed(
    archive: Path, place: Place, damaged: Path
) -> None:
    refused = restore(place, archive)
    kept = damaged.read_bytes()
    replaced = restore(place, archive, "--replace")

    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert kept == RUBBISH
    assert replaced.exit_code == 0, replaced.output
    assert stock_at(place) == 7


def test_a_damaged_database_that_somebody_uses_is_not_replaced(
    archive: Path, place: Place, damaged: Path
) -> None:
    restore(place, archive, "--replace")
    with another_shop_at(damaged):
        with damaged.open("r+b") as file:
            file.write(RUBBISH[:100])

        result = restore(place, archive, "--replace")

    assert result.exit_code == 1
    assert "in use" in result.output


def test_a_full_disk_is_no_fault_of_the_archive(archive: Path, place: Place) -> None:
    with no_room_for_more_than(ENOUGH_FOR_FILES):
        result = restore(place, archive)
    left = list(place.settings.data_dir.glob("store.sqlite*"))
    again = restore(place, archive)

    assert result.exit_code == 1
    assert "disk: " in result.output
    assert left == []
    assert again.exit_code == 0, again.output


def test_a_server_that_is_away_is_told_in_its_words_and_without_the_password() -> None:
    url = f"postgresql+psycopg://store:hunter2@127.0.0.1:{free_port()}/store"

    with pytest.raises(click.ClickException) as said, plain_words():
        postgresql.is_empty(url)

    assert "connection failed" in said.value.message
    assert "hunter2" not in said.value.message
