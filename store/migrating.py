"""Which migrations the database has seen, and the running of those that are missing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from store.paths import MIGRATIONS
from store.pooling import plan_by_values
from store.settings import Settings

LOCK_MILLISECONDS = 800
"""How long a migration waits for a table in use: all who come after wait behind it. Less than the
second after which PostgreSQL looks for deadlocks, so that it never ends a reader's statement."""
TRIES = 120
PAUSE_SECONDS = 2.0
LOCK_NOT_AVAILABLE = "55P03"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('migrations'))"
"""Without parameters, for a statement with some would keep its snapshot as long as the lock."""


class Schema(StrEnum):
    """How the tables of a database stand to this code."""

    NEWEST = "newest"
    BEHIND = "behind"
    """It lacks a migration that this code needs."""
    AHEAD = "ahead"
    """It has seen one that this code does not know: an upgrade is under way, or was taken back.
    Migrations add before they take away, so the code of before runs on."""


def schema_after(seen: str | None) -> Schema:
    """Say how a database stands that has seen migrations up to this revision."""
    if seen == newest_revision():
        return Schema.NEWEST
    return Schema.BEHIND if seen is None or is_known(seen) else Schema.AHEAD


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest revision, making the embedded one if it is not there."""
    upgrade_url(settings.database_url)


def upgrade_url(url: str) -> None:
    """Run what is missing; a database that has seen more than this code knows stays as it is."""
    _make_folder(url)
    with _alone(url):
        for attempt in range(1, TRIES + 1):
            if schema_after(_seen(url)) == Schema.AHEAD:
                return
            try:
                command.upgrade(alembic_config(url), "head")
            except OperationalError as error:
                if not _found_a_table_in_use(error) or attempt == TRIES:
                    raise
                time.sleep(PAUSE_SECONDS)
            else:
                return


def current_revision(settings: Settings) -> str | None:
    """Return the newest revision that the database has seen, or None for an empty one."""
    _make_folder(settings.database_url)
    return _seen(settings.database_url)


def newest_revision() -> str | None:
    """Return the revision that this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_known(revision: str) -> bool:
    """Say whether this code has the migration, and so can bring such a database up to date."""
    return revision in _known()


def alembic_config(url: str) -> Config:
    """Return what Alembic needs to work on the database at this address."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def open_engine(url: str) -> Engine:
    """Open the database for whoever migrates it; connections end as soon as they are let go."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name != "sqlite":
        plan_by_values(engine)
    return engine


def _seen(url: str) -> str | None:
    with open_engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def _known() -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Let one of several machines upgrade, and the others find nothing left to do.

    The lock belongs to a transaction, so that it holds behind a pooler as well.
    """
    engine = open_engine(url)
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        while not connection.exec_driver_sql(TRY_LOCK).scalar():
            # Not inside a transaction that waits: no index can be made beside the readers while
            # anybody keeps a snapshot of before.
            connection.rollback()
            time.sleep(PAUSE_SECONDS)
        yield


def _found_a_table_in_use(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE


def _make_folder(url: str) -> None:
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
