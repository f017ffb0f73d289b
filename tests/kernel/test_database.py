"""Promises about reading and writing."""

import threading
import time
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import QueuePool, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from store.catalog.models import Product
from store.clock import FixedClock
from store.database import (
    WriteScopeError,
    db,
    end_reading,
    look_up_by_keys,
    read_one_moment,
    writing,
)
from tests.builders import a_product

THREADS = 20
"""More than there are connections in the pool."""
OFTEN = 20
"""More often than psycopg needs to prepare a statement, and PostgreSQL to plan it for good."""


def test_what_is_written_in_the_scope_is_there_afterwards(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="tee")

    assert db.session.scalars(select(Product.handle)).all() == ["tee"]


def test_write_outside_the_scope_is_refused(app: Flask, clock: FixedClock) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        a_product(clock)


def test_error_in_the_scope_leaves_nothing_behind(app: Flask, clock: FixedClock) -> None:
    with pytest.raises(KeyError), writing():
        a_product(clock)
        raise KeyError("the buyer changed her mind")

    assert db.session.scalars(select(Product)).all() == []


def test_scope_inside_a_scope_is_refused(app: Flask) -> None:
    with writing(), pytest.raises(WriteScopeError), writing():
        pass


def test_reading_after_a_write_is_read_only_again(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock)
    product.title = "Changed in passing"

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.flush()


@pytest.mark.parametrize("fails", [False, True])
def test_keys_are_looked_up_in_indexes_until_the_scope_has_ended(
    app: Flask, *, fails: bool
) -> None:
    with suppress(KeyError), writing():
        look_up_by_keys()
        inside = _ways_but_indexes()
        if fails:
            raise KeyError("the buyer changed her mind")

    assert inside == []
    is_postgresql = db.engine.dialect.name == "postgresql"
    assert _ways_but_indexes() == (_WAYS if is_postgresql else [])


_WAYS = ["enable_hashjoin", "enable_mergejoin", "enable_seqscan"]


def _ways_but_indexes() -> list[str]:
    """Return what PostgreSQL may do beside; SQLite has nothing of the kind to be asked for."""
    if db.engine.dialect.name != "postgresql":
        return []
    asked = text("SELECT name FROM pg_settings WHERE name = ANY(:ways) AND setting = 'on'")
    return sorted(db.session.scalars(asked, {"ways": _WAYS}))


def test_whoever_reads_one_moment_sees_nothing_of_later_ones(app: Flask, clock: FixedClock) -> None:
    titles = select(Product.title).order_by(Product.id)
    read_one_moment()
    before = db.session.scalars(titles).all()

    def sell_another() -> None:
        with app.app_context(), writing():
            a_product(clock, title="Came later")

    writer = threading.Thread(target=sell_another)
    writer.start()
    writer.join()

    assert db.session.scalars(titles).all() == before
    end_reading()
    assert db.session.scalars(titles).all() == [*before, "Came later"]


def test_moments_come_back_aware(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock)

    assert db.session.scalars(select(Product.created_at)).one() == clock.now()


def test_thread_that_waits_to_write_keeps_no_connection_from_readers(
    app: Flask, clock: FixedClock
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets many write at once")
    started = threading.Barrier(THREADS + 1)

    def write(number: int) -> None:
        started.wait()
        with app.app_context(), writing():
            a_product(clock, handle=f"tee-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    with writing():
        for thread in threads:
            thread.start()
        started.wait()
        time.sleep(0.3)
        kept = connections_in_use()
    for thread in threads:
        thread.join()

    assert kept == 1
    assert len(db.session.scalars(select(Product.id)).all()) == THREADS


def connections_in_use() -> int:
    pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_what_is_answered_already_is_not_lost_with_the_database(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("nobody ends the sessions of SQLite")
    ending = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    assert isinstance(db.engine.pool, QueuePool)
    before = db.engine.pool.checkedout()

    with app.app_context():
        backend = db.session.scalar(text("SELECT pg_backend_pid()"))
        with ending.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    ending.dispose()

    assert db.engine.pool.checkedout() == before
    with app.app_context():
        assert db.session.scalar(select(1)) == 1


def test_a_statement_is_planned_by_what_is_given_however_often_it_is_asked(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite plans each statement once, before anything is given")
    general = text("SELECT coalesce(sum(generic_plans), 0) FROM pg_prepared_statements")
    with app.app_context():
        for number in range(OFTEN):
            by_handle = select(Product.id).where(Product.handle == f"tee-{number}")
            assert db.session.scalars(by_handle).all() == []

        # A general plan for words reads all products from the newest on.
        assert db.session.scalar(general) == 0
