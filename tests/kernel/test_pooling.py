"""Promises about PgBouncer in transaction mode: a shop behind it works as one without."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from store.backup import postgresql
from store.backup.errors import PooledError
from store.jobs.huey_queue import HueyQueue
from store.migrating import Schema, newest_revision, open_engine, schema_after, upgrade_url
from store.pooling import plan_by_values
from tests.throwaway_pgbouncer import find_pgbouncer, pooled, throwaway_pgbouncer

PROCESSES = 4
OFTEN = 8
"""More often than a statement is run before psycopg would prepare it."""


@pytest.fixture(scope="module")
def server_url(request: pytest.FixtureRequest) -> str:
    url: str = request.config.getoption("--postgresql")
    if not url:
        pytest.skip("runs with --postgresql")
    if find_pgbouncer() is None:
        pytest.skip("this machine has no pgbouncer")
    return url


@pytest.fixture(scope="module")
def own(server_url: str) -> Iterator[str]:
    with throwaway_pgbouncer(server_url) as own:
        yield own


@pytest.fixture
def url(own: str, server_url: str, database_url: str) -> str:
    """The server's own database behind a pooler that has several processes to choose from."""
    assert database_url
    url = pooled(server_url, own)
    with ExitStack() as stack:
        for _process in range(PROCESSES):
            dsn = url.replace("+psycopg", "")
            stack.enter_context(psycopg.connect(dsn)).execute("SELECT 1")
    return url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    plan_by_values(engine)
    yield engine
    engine.dispose()


def test_transactions_of_one_connection_meet_other_server_processes(engine: Engine) -> None:
    met = set()
    with engine.connect() as connection:
        for _transaction in range(OFTEN):
            met.add(connection.scalar(text("SELECT pg_backend_pid()")))
            connection.rollback()

    assert len(met) > 1


def test_the_same_statement_is_answered_however_often_it_is_asked(engine: Engine) -> None:
    with engine.connect() as connection:
        for number in range(3 * OFTEN):
            assert connection.scalar(text("SELECT CAST(:n AS integer)"), {"n": number}) == number
            connection.commit()


def test_what_a_transaction_is_told_ends_with_it(engine: Engine) -> None:
    reading = engine.execution_options(postgresql_readonly=True)
    with reading.connect() as connection:
        is_reading = connection.scalar(text("SHOW transaction_read_only"))
    for _transaction in range(OFTEN):
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW transaction_read_only")) == "off"

    assert is_reading == "on"


def test_a_hint_reaches_whoever_waits_for_one(url: str) -> None:
    waiting, hinting = HueyQueue(url), HueyQueue(url)
    assert waiting.next_hint(0) is None
    heard: list[int | None] = []
    listener = threading.Thread(target=lambda: heard.append(waiting.next_hint(30)))
    listener.start()

    hinting.hint(7)

    listener.join()
    waiting.close()
    hinting.close()
    assert heard == [7]


def test_backups_refuse_to_leave_their_settings_to_the_shop(
    url: str, engine: Engine, tmp_path: Path
) -> None:
    with (
        pytest.raises(PooledError, match="the server’s own address"),
        postgresql.copied(url, tmp_path, lambda _done, _of: None),
    ):
        pytest.fail("copied through a pooler")
    with pytest.raises(PooledError):
        postgresql.put_in_place(tmp_path / "any.dump", url, lambda _done, _of: None)

    with engine.connect() as connection:
        for _transaction in range(OFTEN):
            assert connection.scalar(text("SHOW search_path")) == '"$user", public'
            connection.rollback()


@pytest.mark.slow
def test_every_migration_runs_behind_it(server_url: str, url: str) -> None:
    name = "upgraded_behind_a_pooler"
    with ExitStack() as stack:
        server = create_engine(server_url, isolation_level="AUTOCOMMIT")
        stack.callback(server.dispose)
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        stack.callback(_drop, server, name)
        empty = make_url(url).set(database=name).render_as_string(hide_password=False)

        upgrade_url(empty)

        engine = open_engine(empty)
        with engine.connect() as connection:
            seen = connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert seen == newest_revision()
    assert schema_after(seen) == Schema.NEWEST


def _drop(server: Engine, name: str) -> None:
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
