"""The fixtures that every room shares: an empty database, a clock, a shop, a reader."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.database import db
from store.migrating import upgrade_url
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tests.shop import Shop, open_shop, some_settings

START = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
Databases = SQLiteDatabases | PostgreSQLDatabases


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", default="", help="run on this server instead of SQLite")


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    server_url: str = request.config.getoption("--postgresql")
    folder = tmp_path_factory.mktemp("databases")
    if not server_url:
        yield SQLiteDatabases(folder, upgrade_url)
        return
    databases = PostgreSQLDatabases(server_url, f"store_test_{os.getpid()}", upgrade_url)
    yield databases
    databases.drop()


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def clock() -> FixedClock:
    """Half past nine on a Sunday morning in Sydney, until the test moves it."""
    return FixedClock(START)


@pytest.fixture
def shop(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    shop = open_shop(some_settings(tmp_path, database_url), clock)
    yield shop
    with shop.app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shop: Shop) -> Iterator[Flask]:
    """The application, inside its context: for tests that call rooms and not pages."""
    with shop.app.app_context():
        yield shop.app


@pytest.fixture
def reader(shop: Shop) -> FlaskClient:
    return shop.browser()
