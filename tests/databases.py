"""An empty database for each test, on SQLite or on the PostgreSQL that --postgresql names."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url, text

from tests.throwaway_pgbouncer import pooled

BuildSchema = Callable[[str], None]
MEMORY = Path("/dev/shm")

WRITTEN = """
SELECT quote_ident(relname) FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
COUNT_ANEW = """
SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
 WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
COUNTED = """
SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence
 WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows by table, as PostgreSQL copies them out, and the last number of each sequence."""

    rows: dict[str, bytes]
    counted: list[tuple[str, int]]


Kept = sqlite3.Connection | _Rows


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Give a folder that no disk is behind, where there is one: each commit waits for its disk."""
    is_there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    with TemporaryDirectory(prefix="store-tests-", dir=MEMORY if is_there else None) as folder:
        yield Path(folder)


class SQLiteDatabases:
    """Builds the schema once; before every test it takes the place of whatever the last left."""

    def __init__(self, folder: Path, build_schema: BuildSchema) -> None:
        self._template = folder / "template.sqlite"
        self._path = folder / "store.sqlite"
        self.url = f"sqlite:///{self._path}"
        build_schema(f"sqlite:///{self._template}")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        # A backup is a transaction: connections that are open see it, one that writes stops it.
        with (
            closing(sqlite3.connect(self._template)) as template,
            closing(sqlite3.connect(self._path, timeout=5)) as used,
        ):
            used.execute("PRAGMA synchronous=OFF")
            template.backup(used)
        yield self.url

    def keep(self) -> Kept:
        """Return a copy of all that stands in it now."""
        kept = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self._path, timeout=5)) as used:
            used.backup(kept)
        return kept

    def put_back(self, kept: Kept) -> None:
        """Make it what it was when that copy was taken."""
        assert isinstance(kept, sqlite3.Connection)
        with closing(sqlite3.connect(self._path, timeout=5)) as used:
            used.execute("PRAGMA synchronous=OFF")
            kept.backup(used)


class PostgreSQLDatabases:
    """Builds one database a worker and empties its tables after every test.

    TRUNCATE would make the files of a table, of its indexes and of all that refers to it anew,
    five times what deleting a test's few rows costs. Foreign keys are not asked meanwhile, which
    takes a superuser; VACUUM gives the pages back, so that rows lie in the order of their writing.
    """

    def __init__(
        self, server_url: str, name: str, build_schema: BuildSchema, *, pooler: str = ""
    ) -> None:
        self._server = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self._name = name
        with self._server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        direct = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        # The shop goes by the pooler where there is one; whoever empties its tables never does.
        self.url = pooled(direct, pooler) if pooler else direct
        build_schema(self.url)
        self._engine = create_engine(direct, isolation_level="AUTOCOMMIT", pool_size=1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        try:
            yield self.url
        finally:
            self._empty()

    def keep(self) -> Kept:
        """Return a copy of all that stands in its tables now, and how far it has counted."""
        with self._raw() as connection:
            tables = [str(row[0]) for row in connection.execute(WRITTEN).fetchall()]
            return _Rows(
                {table: _copied_out(connection, table) for table in tables},
                connection.execute(COUNTED).fetchall(),
            )

    def put_back(self, kept: Kept) -> None:
        """Make it what it was when that copy was taken."""
        assert isinstance(kept, _Rows)
        with self._raw() as connection, connection.transaction():
            written = [str(row[0]) for row in connection.execute(WRITTEN).fetchall()]
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in written:
                connection.execute(f"DELETE FROM {table}".encode())
            for table, rows in kept.rows.items():
                with connection.cursor().copy(f"COPY {table} FROM STDIN BINARY".encode()) as copy:
                    copy.write(rows)
            for sequence, last in kept.counted:
                connection.execute("SELECT setval(%s::regclass, %s)", (sequence, last))

    @contextmanager
    def _raw(self) -> Iterator[psycopg.Connection[Any]]:
        with self._engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            yield raw

    def drop(self) -> None:
        self._engine.dispose()
        with self._server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{self._name}" WITH (FORCE)'))
        self._server.dispose()

    def _empty(self) -> None:
        with self._engine.connect() as connection:
            written = connection.scalars(text(WRITTEN)).all()
            if written:
                deletes = "; ".join(f"DELETE FROM {table}" for table in written)
                connection.execute(text(f"SET session_replication_role = replica; {deletes}"))
                connection.execute(text(f"VACUUM {', '.join(written)}"))
            connection.execute(text(COUNT_ANEW))


def _copied_out(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT BINARY".encode()) as copy:
        return b"".join(bytes(part) for part in copy)
