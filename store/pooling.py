"""How statements are prepared and planned on PostgreSQL, with a pooler before it and without."""

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


def plan_by_values(engine: Engine) -> None:
    """Let PostgreSQL plan each statement by what is given to it, also one that it has prepared.

    By itself it takes one plan for whatever is given once a connection has asked often enough. To
    find a word it then goes through all products from the newest on, because any word might be
    in each: 30 times as long among thirty thousand. To plan anew costs a page nothing measurable.
    """
    event.listen(engine, "connect", _plan_by_values)


def _plan_by_values(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    psycopg_connection: Any = connection
    if is_behind_pooler(psycopg_connection):
        # Nothing is prepared: the next transaction may meet another process.
        psycopg_connection.prepare_threshold = None
    else:
        psycopg_connection.execute("SET plan_cache_mode = force_custom_plan")
        psycopg_connection.commit()
