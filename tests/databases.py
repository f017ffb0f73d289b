"""An empty database for each test, on SQLite or on the PostgreSQL that --postgresql names."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, make_url, text

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


class PostgreSQLDatabases:
    """Builds one database a worker and empties its tables after every test.

    TRUNCATE would make the files of a table, of its indexes and of all that refers to it anew,
    five times what deleting a test's few rows costs. Foreign keys are not asked meanwhile, which
    takes a superuser; VACUUM gives the pages back, so that rows lie in the order of their writing.
    """

    def __init__(self, server_url: str, name: str, build_schema: BuildSchema) -> None:
        self._server = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self._name = name
        with self._server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        self.url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        build_schema(self.url)
        self._engine = create_engine(self.url, isolation_level="AUTOCOMMIT", pool_size=1)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        try:
            yield self.url
        finally:
            self._empty()

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
