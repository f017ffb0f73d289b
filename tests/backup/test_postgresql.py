"""What PostgreSQL takes of a dump: all of it or nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from store.backup import postgresql
from store.backup.errors import ToolError
from tests.backup.moving import Place, an_archive, restore
from tests.buying import a_variant
from tests.shop import Shop


@pytest.fixture
def url(app: Flask, shop: Shop, place: Place, tmp_path: Path) -> str:
    """The database of a restored shop with one product."""
    if place.settings.database_url.startswith("sqlite"):
        pytest.skip("SQLite is put in place by a rename")
    a_variant(shop)
    assert restore(place, an_archive(shop, tmp_path / "backups")).exit_code == 0
    return place.settings.database_url


def products_at(url: str) -> int:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM product")) or 0)


def copied(url: str, folder: Path) -> Path:
    folder.mkdir()
    with postgresql.copied(url, folder, lambda _done, _of: None) as copy:
        copy.finish()
        return copy.path


def test_a_dump_that_breaks_off_changes_nothing(url: str, tmp_path: Path) -> None:
    dump = copied(url, tmp_path / "copy")
    content = dump.read_bytes()
    dump.write_bytes(content[: len(content) * 9 // 10])

    with pytest.raises(ToolError, match="took none of it"):
        postgresql.put_in_place(dump, url, lambda _done, _of: None)

    assert products_at(url) == 1


def test_a_table_that_somebody_keeps_locked_changes_nothing(url: str, tmp_path: Path) -> None:
    dump = copied(url, tmp_path / "copy")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as other:
        other.execute(text("LOCK TABLE product"))

        with pytest.raises(ToolError, match="lock timeout"):
            postgresql.put_in_place(dump, url, lambda _done, _of: None)

    assert products_at(url) == 1


def test_a_table_that_the_dump_does_not_know_is_gone_afterwards(url: str, tmp_path: Path) -> None:
    dump = copied(url, tmp_path / "copy")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as other:
        other.execute(text("CREATE TABLE of_newer_code (id integer)"))

    postgresql.put_in_place(dump, url, lambda _done, _of: None)

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('of_newer_code')")) is None
    assert products_at(url) == 1
