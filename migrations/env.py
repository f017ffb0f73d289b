"""Runs migrations on the database whose address the caller gives in the configuration."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import SchemaItem

import store.app
import store.staff.door_models
import store.staff.models  # noqa: F401 - every table of every room joins the metadata
from store.database import Model
from store.migrating import LOCK_MILLISECONDS, open_engine

# The search indexes are made by hand on each database and are no tables of the models.
BY_HAND = ("product_search", "order_search")
PATIENCE_SECONDS = 60
BESIDE = re.compile(r"^CREATE (UNIQUE )?INDEX CONCURRENTLY (?!IF )")
HALF_MADE = """
SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
 WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace
"""


def _is_ours(
    _item: SchemaItem,
    name: str | None,
    _kind: str,
    _reflected: bool,  # noqa: FBT001 - Alembic's own signature
    _compared: SchemaItem | None,
) -> bool:
    return not (name or "").removeprefix("ix_").startswith(BY_HAND)


def _take_whole(engine: Engine) -> None:
    """Have SQLite take each migration whole or not at all, and wait for those who write.

    Its driver would commit every statement by itself: of a migration that is killed half would
    stand, and no later try would get past it.
    """

    def begin_by_hand(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1_000}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", begin_by_hand)
    event.listen(engine, "begin", begin)


def _go_on_with_indexes(engine: Engine) -> None:
    """Let PostgreSQL go on where a migration died that makes indexes beside those who write.

    They belong to no transaction: one is there already, and one may be half and of no use.
    """

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def unless_there(
        _connection: Connection, _cursor: Any, statement: str, values: Any, *_rest: Any
    ) -> tuple[str, Any]:
        return BESIDE.sub(r"\g<0>IF NOT EXISTS ", statement), values

    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for index in connection.scalars(text(HALF_MADE)).all():
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY {index}")


@contextmanager
def _no_block() -> Iterator[None]:
    yield


def _wait_a_little(connection: Connection) -> None:
    # Of this transaction alone: an index that is made beside the readers waits as long as it must.
    if connection.get_isolation_level() != "AUTOCOMMIT":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'")


def run() -> None:
    engine = open_engine(context.config.attributes["url"])
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        _take_whole(engine)
    else:
        _go_on_with_indexes(engine)
        event.listen(engine, "begin", _wait_a_little)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            include_object=_is_ours,
            render_as_batch=False,
            compare_server_default=False,
            transaction_per_migration=True,
            transactional_ddl=True,
        )
        if is_sqlite:
            # It makes no index beside those who write, so nothing has to leave the transaction.
            context.get_context().autocommit_block = _no_block  # type: ignore[method-assign]
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
