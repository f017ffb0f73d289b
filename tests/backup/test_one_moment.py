"""A copy is of one moment, however long it takes and whoever writes meanwhile."""

import gzip
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.backup import postgresql, sqlite
from store.backup.errors import ArchiveRefusedError, CopyFailedError, ToolError

ROWS, BYTES = 300, 100_000
"""Thirty megabytes: several parts of a copy."""


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    path = tmp_path / "busy.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE pair (id INTEGER PRIMARY KEY, count INTEGER, filling BLOB)")
        filling = b"x" * BYTES
        made.executemany("INSERT INTO pair VALUES (?, 0, ?)", [(n, filling) for n in range(ROWS)])
        made.commit()
    return path


def a_program(folder: Path, name: str, version: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n", encoding="utf-8")
    program.chmod(0o755)


def test_commits_between_its_parts_neither_show_nor_begin_it_anew(
    busy: Path, tmp_path: Path
) -> None:
    folder, counts = tmp_path / "copies", []
    folder.mkdir()
    with closing(sqlite3.connect(busy)) as writer:

        def beat(done: int, of: int) -> None:
            counts.append((done, of))
            writer.execute("UPDATE pair SET count = count + 1")
            writer.commit()

        with sqlite.copied(f"sqlite:///{busy}", folder, beat) as copy:
            copy.finish()
            unpacked = tmp_path / "unpacked.sqlite"
            with gzip.open(copy.path) as packed, unpacked.open("wb") as target:
                shutil.copyfileobj(packed, target)
    parts = [done for done, of in counts if of < ROWS * BYTES]

    with closing(sqlite3.connect(unpacked)) as found:
        assert found.execute("SELECT DISTINCT count FROM pair").fetchall() == [(0,)]
    assert len(parts) >= 3
    assert parts == sorted(set(parts))


def test_a_damaged_database_makes_no_backup(busy: Path, tmp_path: Path) -> None:
    with busy.open("r+b") as content:
        content.seek(4096 * 2_000)
        content.write(b"rot" * 20_000)
    (tmp_path / "copies").mkdir()

    with (
        pytest.raises((ArchiveRefusedError, CopyFailedError)),
        sqlite.copied(f"sqlite:///{busy}", tmp_path / "copies", lambda _done, _of: None),
    ):
        pass


def test_programs_of_an_older_version_are_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(tmp_path, "pg_dump", "9.6.24")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolError, match="install PostgreSQL’s client programs"):
        postgresql.tools("pg_dump", 99)


def test_a_machine_without_the_programs_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolError, match="pg_undump is missing: install"):
        postgresql.tools("pg_undump", 15)


def test_the_oldest_programs_that_are_new_enough_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(tmp_path, "pg_probe", "17.2")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert postgresql.tools("pg_probe", 15).version == 17
