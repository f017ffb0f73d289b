"""An empty database for each test, on SQLite or on the PostgreSQL that --postgresql names."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

BuildSchema = Callable[[str], None]


class SQLiteDatabases:
    """Builds the schema once and copies the file for every test."""

    def __init__(self, folder: Path, build_schema: BuildSchema) -> None:
        self._template = folder / "template.sqlite"
        build_schema(f"sqlite:///{self._template}")
        engine = create_engine(f"sqlite:///{self._template}")
        with engine.connect() as connection:
            # A copy of one file is whole only when nothing waits in the write-ahead log.
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        path = folder / "store.sqlite"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"


class PostgreSQLDatabases:
    """Builds one database a worker and empties its tables after every test."""

    def __init__(self, server_url: str, name: str, build_schema: BuildSchema) -> None:
        self._server = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self._name = name
        with self._server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        self._url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        build_schema(self._url)
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT", pool_size=1)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        try:
            yield self._url
        finally:
            self._empty()

    def drop(self) -> None:
        self._engine.dispose()
        with self._server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{self._name}" WITH (FORCE)'))
        self._server.dispose()

    def _empty(self) -> None:
        with self._engine.connect() as connection:
            tables = connection.scalars(
                text(
                    "SELECT quote_ident(tablename) FROM pg_tables"
                    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ).all()
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
