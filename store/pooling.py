"""Whether a pooler such as PgBouncer gives each transaction to a server process of its choice."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry


def is_behind_pooler(connection: Any) -> bool:
    """Ask a connection of psycopg that nothing was begun on.

    What the server told of itself when the connection was made is the pooler's own invention: the
    process that answers has another number.
    """
    found = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    return bool(found[0] != connection.info.backend_pid)


def mind_poolers(engine: Engine) -> None:
    """Prepare no statements behind a pooler: the next transaction may meet another process."""
    event.listen(engine, "connect", _prepare_nothing_behind_one)


def _prepare_nothing_behind_one(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    psycopg_connection: Any = connection
    if is_behind_pooler(psycopg_connection):
        psycopg_connection.prepare_threshold = None
