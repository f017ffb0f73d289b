"""The one database: its base class, its types, and the two ways to use it: reading and writing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    ScalarSelect,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from store.errors import UnavailableError
from store.pooling import plan_by_values

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITING = "store_writing"
PAGES_CHANGED = "store_pages_changed"
APART = "store_apart"
"""Marks a session that reads as of another moment than now."""
SHARED_ENGINE = "STORE_SHARED_ENGINE"
"""Where an application's configuration names the engine of another one in this process."""
LONGEST_WAIT_SECONDS = 30
"""How long a thread waits for its turn to write, before its reader is asked to come again."""

log = structlog.get_logger(__name__)

_follow_ups: list[Executable] = []
_turns: WeakKeyDictionary[Engine | Connection, threading.Lock] = WeakKeyDictionary()


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; a naive one is refused before it is stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("moments are aware: give the datetime a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={datetime: Moment()},
    )


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, but the applications of one process may share one engine and its pool."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        shared: Engine | None = app.config.get(SHARED_ENGINE)
        return shared or super()._make_engine(bind_key, options, app)

    def _teardown_session(self, exc: BaseException | None) -> None:
        """Let go of the session, also where the database went away after the last question.

        The answer is made by then, and what is raised here would throw it away: behind Flask's
        own handlers, so that the reader would get a bare 500 of the server.
        """
        try:
            super()._teardown_session(exc)
        except DBAPIError as error:
            log.warning("session_not_ended", error=type(error.orig).__name__)
            # It is not forgotten before it is closed; its connection is invalid already.
            self.session.registry.clear()


db = Database(model_class=Model, disable_autonaming=True)


class PublicVersion(Model):
    """One row whose number rises whenever a public page may have changed."""

    __tablename__ = "public_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


class WriteScopeError(RuntimeError):
    """A writing scope was opened where one is open, or over changes that nobody would commit."""


class WriterQueueError(UnavailableError):
    """More threads want to write than could in the time that a reader waits."""


@dataclass(slots=True)
class Commits:
    """How many writing scopes this process has committed: its page memory asks again at once."""

    count: int = 0


commits_here = Commits()


@contextmanager
def writing() -> Iterator[Session]:
    """Run one write transaction: commit at the end, roll back on any error.

    SQLite begins IMMEDIATE, so that a writer waits at the start and never fails half-way. What was
    read before is expired first and is read again inside, under the lock.
    """
    session = db.session()
    if session.info.get(WRITING):
        raise WriteScopeError("a writing scope is open already")
    if session.new or session.dirty or session.deleted:
        raise WriteScopeError("objects were changed outside a writing scope")
    session.rollback()
    with _turn(session):
        session.info[WRITING] = True
        try:
            session.connection(execution_options={WRITING: True, "postgresql_readonly": False})
            yield session
            _raise_public_version(session)
            session.commit()
            commits_here.count += 1
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(WRITING, None)
            session.info.pop(PAGES_CHANGED, None)


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """Let the threads of one process write to SQLite one after the other.

    SQLite's own wait polls and keeps no order: under load whoever came first is passed by others
    until its patience ends. Whoever waits here holds nothing, not even a connection.
    """
    turn = _turns.get(session.get_bind())
    if turn is None:
        yield
        return
    if not turn.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise WriterQueueError("too many threads of this process wait to write")
    try:
        yield
    finally:
        turn.release()


def may_keep(session: Session) -> bool:
    """Say whether what this session reads may be kept in memory and shown to others.

    Inside a writing scope there may be changes that nobody will ever see, and what is read as of
    another moment is not what readers see now.
    """
    return not (session.info.get(WRITING) or session.info.get(APART))


def bump_public_version() -> None:
    """Make every process render its public pages anew once the open writing scope commits.

    The row is raised once, as the scope's last statement: it is the one that all writers share, so
    nobody waits for it longer than for a commit, and it can be part of no deadlock.
    """
    session = db.session()
    if not session.info.get(WRITING):
        raise WriteScopeError("the public version rises inside a writing scope only")
    session.info[PAGES_CHANGED] = True


def public_version(connection: Connection) -> int:
    """Return the version that public pages rendered from now on will have."""
    return connection.scalar(select(version_question())) or 0


def version_question() -> ScalarSelect[int]:
    """Return what asks for the version beside other things; no answer means that none is out."""
    return select(PublicVersion.version).where(PublicVersion.id == 1).scalar_subquery()


def when_version_rises(statement: Executable) -> None:
    """Run this statement, given the `new_version`, at the end of each scope that raises it.

    Whoever raises the version holds its row until the commit, so what is numbered by it becomes
    visible in the order of the numbers: who has read up to one has missed nothing before it.
    """
    _follow_ups.append(statement)


def _raise_public_version(session: Session) -> None:
    if not session.info.pop(PAGES_CHANGED, False):
        return
    session.flush()
    raised = (
        insert_into(PublicVersion)
        .values(id=1, version=1)
        .on_conflict_do_update(
            index_elements=[PublicVersion.id], set_={"version": PublicVersion.version + 1}
        )
        .returning(PublicVersion.version)
    )
    # On the connection: nothing of this is an object of the session.
    connection = session.connection()
    version = connection.scalar(raised)
    for statement in _follow_ups:
        connection.execute(statement, {"new_version": version})


def insert_into(model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """Return the INSERT of the database in use, which knows ON CONFLICT."""
    is_sqlite = db.session().get_bind().dialect.name == "sqlite"
    return sqlite.insert(model) if is_sqlite else postgresql.insert(model)


def take_turn(matter: str) -> None:
    """Let whoever counts rows of this matter do so one after the other, until each has committed.

    Without it two would both find room for one. SQLite writes one after the other anyway.
    """
    session = db.session()
    if not session.info.get(WRITING):
        raise WriteScopeError("a turn is taken inside a writing scope only")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(matter))))


def look_up_by_keys() -> None:
    """Let PostgreSQL find rows by their indexes alone until the open transaction has ended.

    It plans by what it counted before: of tables that are only being filled, or that are small, it
    would read the whole for each hundred of keys. SQLite looks keys up anyway.
    """
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        for way in ("seqscan", "hashjoin", "mergejoin"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        # Nothing is left to choose, and an INSERT of a thousand rows is long to plan each time.
        session.execute(text("SET LOCAL plan_cache_mode = auto"))


def read_one_moment() -> None:
    """Begin to read, and see everything as it is now until end_reading, whatever others commit.

    SQLite's transactions are like this by themselves; PostgreSQL's see the newest with each
    statement unless asked.
    """
    end_reading()
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def end_reading() -> None:
    """End the open read transaction: nothing stays open while somebody outside is asked."""
    session = db.session()
    if session.info.get(WRITING):
        raise WriteScopeError("a writing scope is open: nobody outside is asked inside it")
    session.rollback()


def engine_options(url: str) -> dict[str, Any]:
    """Return what create_engine needs for this kind of database."""
    if url.startswith("sqlite"):
        # isolation_level None hands BEGIN to us; the driver's own would always be deferred.
        connect = {"isolation_level": None, "timeout": 10, "check_same_thread": False}
        return {"connect_args": connect, "query_cache_size": 1200, "hide_parameters": True}
    # Only here: a shop on SQLite does without the driver.
    from psycopg import RawCursor

    return {
        # Statements with the server's own marks, $1: psycopg's %s it would look for in all of a
        # statement's text at each execution, and an INSERT of many rows has a hundred kB of it.
        "connect_args": {"cursor_factory": RawCursor},
        "paramstyle": "numeric_dollar",
        # Not used, and asked for by a statement with psycopg's marks.
        "use_native_hstore": False,
        # An error's text must not carry a reader's address into the log.
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 10,
        "execution_options": {"postgresql_readonly": True},
    }


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable and patient, and let it write inside a writing scope only."""
    if engine.dialect.name == "sqlite":
        _turns[engine] = threading.Lock()
        event.listen(engine, "connect", _set_sqlite_pragmas)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        plan_by_values(engine)
        event.listen(engine, "handle_error", _forget_values)


def _forget_values(context: ExceptionContext) -> None:
    """Leave of a refusal what was refused, and not the row that PostgreSQL repeats below it.

    Whoever catches the error logs it, or tells Sentry of it; the diagnosis itself stays whole.
    """
    primary = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if primary:
        context.original_exception.args = (primary,)
        if context.sqlalchemy_exception is not None:
            name = type(context.original_exception).__name__
            context.sqlalchemy_exception.args = (f"({name}) {primary}",)


def _set_sqlite_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # WAL with NORMAL may lose the last commits when the power fails; money wants FULL.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_writing = bool(connection.get_execution_options().get(WRITING))
    # Only when it changes: the pragma makes SQLite prepare every statement of the connection anew.
    if connection.info.get(WRITING) is not is_writing:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if is_writing else 'ON'}")
        connection.info[WRITING] = is_writing
    if is_writing:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # By the driver: it takes no lock, so no error of it wants to be translated.
        connection.connection.cursor().execute("BEGIN")
