"""The embedded database: copied by its own online backup, put back by a rename."""

import fcntl
import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from store.backup.copying import BUFFER, Beat, DatabaseCopy
from store.backup.errors import ArchiveRefusedError, CopyFailedError, OccupiedError

PAGES = 2_000
"""Copied between two looks at the clock: eight megabytes."""
PATIENCE_SECONDS = 10
RESTORING = ".restoring"
IN_USE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
LOCKED_FROM, LOCKED_BYTES = 0x40000000, 512
"""Where SQLite locks a file whatever it holds: https://sqlite.org/fileformat.html, 1.6."""


@contextmanager
def copied(url: str, folder: Path, beat: Beat) -> Iterator[DatabaseCopy]:
    """Copy the database as it is now; whoever writes meanwhile waits for nothing.

    The copying connection reads in one transaction. Without it the backup would begin anew with
    each commit of others, and in a busy shop never come to its end.
    """
    plain, packed = folder / "database.sqlite", folder / "database.sqlite.gz"
    try:
        _copy(database_path(url), plain, beat)
    except sqlite3.Error as error:
        raise CopyFailedError(f"the database was not copied: {error}") from error

    def pack() -> None:
        with plain.open("rb") as content, gzip.open(packed, "wb", compresslevel=6) as packing:
            size = plain.stat().st_size
            while part := content.read(BUFFER):
                packing.write(part)
                beat(content.tell(), size)
        plain.unlink()

    engine = create_engine(f"sqlite:///{plain}", poolclass=NullPool)
    with engine.connect() as connection:

        def finish() -> None:
            connection.close()
            pack()

        yield DatabaseCopy(packed, sqlite3.sqlite_version, connection, finish)


def _copy(path: Path, target: Path, beat: Beat) -> None:
    with closing(_opened(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.execute("PRAGMA query_only=ON")
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            copy, pages=PAGES, progress=lambda _status, left, all_: beat(all_ - left, all_)
        )
        # One file without a log beside it, whoever opens it.
        copy.execute("PRAGMA journal_mode=DELETE")
        _prove_sound(copy)


def database_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def is_empty(url: str) -> bool:
    """Say whether nothing stands there; what cannot be read is something."""
    path = database_path(url)
    if not path.exists():
        return True
    with closing(_opened(path)) as found:
        try:
            return not found.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.DatabaseError:
            return False


def unpack(content: IO[bytes], url: str, beat: Beat) -> str:
    """Write the database beside its place and return that one's address.

    Raises ArchiveRefusedError for what is no sound database, OSError where there is no room.
    """
    path = database_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + RESTORING)
    _sweep(beside)
    try:
        with gzip.open(content) as packed, beside.open("wb") as target:
            beside.chmod(0o640)
            while part := _unpacked(packed):
                target.write(part)
                beat(0, 0)
        with closing(sqlite3.connect(beside)) as found:
            _prove_sound(found)
    except sqlite3.DatabaseError as error:
        raise ArchiveRefusedError("its database cannot be read") from error
    return f"sqlite:///{beside}"


def _unpacked(packed: gzip.GzipFile) -> bytes:
    try:
        return packed.read(BUFFER)
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveRefusedError("its database cannot be unpacked") from error


def put_in_place(url: str) -> None:
    """Let the unpacked database take its place; raises OccupiedError while others use the old."""
    path = database_path(url)
    beside = path.with_name(path.name + RESTORING)
    with closing(sqlite3.connect(beside)) as found:
        # What the migrations wrote is part of the file before it moves.
        found.execute("PRAGMA journal_mode=DELETE")
    refuse_if_in_use(url)
    _sweep(path, but_itself=True)
    beside.replace(path)


def forget_unpacked(url: str) -> None:
    path = database_path(url)
    _sweep(path.with_name(path.name + RESTORING))


def refuse_if_in_use(url: str) -> None:
    """Raise OccupiedError while another process has the database open."""
    path = database_path(url)
    if path.exists() and _is_in_use(path):
        raise OccupiedError("the database is in use: stop web processes and workers first")


def _is_in_use(path: Path) -> bool:
    with closing(_opened(path)) as old:
        try:
            # Only the last who has it open may leave the write-ahead log.
            old.execute("PRAGMA busy_timeout=0")
            return bool(old.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in IN_USE:
                return True
    # It is damaged, which is why somebody restores: SQLite cannot read it, its locks still tell.
    return _is_locked(path)


def _is_locked(path: Path) -> bool:
    with path.open("r+b") as content:
        try:
            fcntl.lockf(content, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKED_BYTES, LOCKED_FROM)
        except BlockingIOError:
            return True
    return False


def _opened(path: Path) -> sqlite3.Connection:
    # Never made by looking at it; and a log that a killed process left may have to be read.
    address = f"file:{quote(str(path))}?mode=rw"
    try:
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE_SECONDS)
    except sqlite3.OperationalError as error:
        raise OccupiedError(f"the database {path} cannot be opened") from error


def _prove_sound(connection: sqlite3.Connection) -> None:
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise ArchiveRefusedError(f"the database is damaged: {verdict}")


def _sweep(path: Path, *, but_itself: bool = False) -> None:
    for ending in ("-wal", "-shm", "-journal") if but_itself else ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
