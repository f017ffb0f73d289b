"""A migration whose process dies goes on where it was when it is run again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import PendingRollbackError

from store.migrating import upgrade_url
from tests.conftest import Databases
from tests.databases import PostgreSQLDatabases
from tests.repository.migrations_match import differences

STEP = 23
"""Statements that each try lives longer than the one before it."""


class DiedError(BaseException):
    """Stands for the end of a process: nobody catches it on the way."""


@contextmanager
def _an_empty_database(databases: Databases, folder: Path) -> Iterator[str]:
    if not isinstance(databases, PostgreSQLDatabases):
        yield f"sqlite:///{folder / 'empty.sqlite'}"
        return
    name = f"store_killed_{os.getpid()}"
    with databases._server.connect() as server:
        server.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield make_url(databases.url).set(database=name).render_as_string(False)
        finally:
            server.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@contextmanager
def _dying_after(statements: int) -> Iterator[None]:
    asked = count(1)

    def die(*_any: Any) -> None:
        if next(asked) == statements:
            raise DiedError

    event.listen(Engine, "after_cursor_execute", die)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", die)


def _lives(url: str, statements: int) -> bool:
    try:
        with _dying_after(statements):
            upgrade_url(url)
    except (DiedError, PendingRollbackError):
        # The second is what a block says whose connection is dead when it is left.
        return False
    return True


@pytest.mark.slow
def test_migrations_that_die_again_and_again_come_to_their_end(
    databases: Databases, tmp_path: Path
) -> None:
    with _an_empty_database(databases, tmp_path) as url:
        tries = next(number for number in count(1) if _lives(url, number * STEP))

        assert tries > 5
        assert differences(url) == ""
