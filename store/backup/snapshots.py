"""A copy of the database as it was at one moment, and what it names outside itself."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, table

from store.backup import postgresql, sqlite
from store.backup.copying import Beat
from store.catalog.files.models import ProductFile
from store.catalog.models import Image


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The copy, and what stood in it."""

    dialect: str
    server_version: str
    path: Path
    revision: str
    rows: Mapping[str, int]
    pictures: Collection[str]
    """The hashes of all pictures that it names."""
    files: Collection[str]


@contextmanager
def snapshot(url: str, folder: Path, beat: Beat) -> Iterator[Snapshot]:
    """Copy the database into a file of this folder, while others read and write it."""
    copied = sqlite.copied if url.startswith("sqlite") else postgresql.copied
    with copied(url, folder, beat) as copy:
        revision = MigrationContext.configure(copy.connection).get_current_revision()
        assert revision is not None, "whoever copies has looked for a shop"
        about = Snapshot(
            dialect=copy.connection.dialect.name,
            server_version=copy.server_version,
            path=copy.path,
            revision=revision,
            rows=rows_by_table(copy.connection),
            pictures=_named(copy.connection, Image),
            files=_named(copy.connection, ProductFile),
        )
        copy.finish()
        yield about


def rows_by_table(connection: Connection) -> dict[str, int]:
    """Count every table that the database has, known to this code or not."""
    names = sorted(inspect(connection).get_table_names())
    counted = {name: select(func.count()).select_from(table(name)) for name in names}
    return {name: connection.scalar(count) or 0 for name, count in counted.items()}


def _named(connection: Connection, kind: type[Image] | type[ProductFile]) -> set[str]:
    named = select(kind.content_hash).where(kind.content_hash != "").distinct()
    return set(connection.scalars(named))
