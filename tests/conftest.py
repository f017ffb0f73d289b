"""The fixtures that every room shares: an empty database, a clock, a shop, a reader."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.database import db
from store.migrating import upgrade_url
from store.web.assets import ensure_built
from tests.beginning import Beginning
from tests.databases import PostgreSQLDatabases, SQLiteDatabases, quick_folder
from tests.shop import Shop, StandingShop, some_settings
from tests.turns import changed_tests, is_due, turn_of_this_commit

START = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
Databases = SQLiteDatabases | PostgreSQLDatabases

# What `bin/check quick` asks for; everywhere else each property keeps its full number of examples.
# How long an example takes is no promise: machines are busy, and figures live in bench/.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.load_profile("steady")
hypothesis.settings.register_profile("quick", max_examples=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", default="", help="run on this server instead of SQLite")
    parser.addoption("--pooler", default="", help="where a pooler of that server listens, as h:p")
    parser.addoption("--turns", default=1, type=int, help="run each test once in so many commits")


def pytest_configure() -> None:
    """Make what readers load before any application looks for it, whichever test comes first."""
    ensure_built()


def pytest_collection_finish() -> None:
    """Look for rubbish less often, and never among the modules: they stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that both workers end at the same moment.

    Leave out on PostgreSQL what asks for no database: it says nothing there that is new.
    """
    items.sort(key=lambda item: not _takes_long(item))
    if config.getoption("--postgresql"):
        _keep(items, config, _asks_for_a_database)
    turns: int = config.getoption("--turns")
    if turns > 1:
        turn, changed = turn_of_this_commit(), changed_tests()
        _keep(
            items,
            config,
            lambda item: is_due(item.nodeid, turn, turns) or item.path in changed,
        )


def _keep(
    items: list[pytest.Item], config: pytest.Config, wants: Callable[[pytest.Item], bool]
) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not wants(item)])
    items[:] = [item for item in items if wants(item)]


def _takes_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "slow"))


def _asks_for_a_database(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "databases" in item.fixturenames


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    server_url: str = request.config.getoption("--postgresql")
    if not server_url:
        with quick_folder() as folder:
            yield SQLiteDatabases(folder, upgrade_url)
        return
    pooler: str = request.config.getoption("--pooler")
    name = f"store_test_{os.getpid()}"
    databases = PostgreSQLDatabases(server_url, name, upgrade_url, pooler=pooler)
    yield databases
    databases.drop()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    with databases.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def standing_clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
def clock(standing_clock: FixedClock) -> FixedClock:
    """Half past nine on a Sunday morning in Sydney, until the test moves it."""
    standing_clock.move_to(START)
    return standing_clock


@pytest.fixture(scope="session")
def standing_shop(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, standing_clock: FixedClock
) -> Iterator[StandingShop]:
    """The application that all tests of the usual settings share; ask for `shop` instead."""
    settings = some_settings(tmp_path_factory.mktemp("shop") / "var", databases.url)
    standing = StandingShop(settings, standing_clock)
    yield standing
    with standing.app.app_context():
        db.engine.dispose()


@pytest.fixture
def shop(standing_shop: StandingShop, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    """A shop that nobody has been to; `open_shop` makes one of other settings."""
    yield standing_shop.reopen()
    standing_shop.assert_unchanged()


@pytest.fixture
def app(shop: Shop) -> Iterator[Flask]:
    """The application, inside its context: for tests that call rooms and not pages."""
    with shop.app.app_context():
        yield shop.app


@pytest.fixture
def begin(shop: Shop, databases: Databases) -> Beginning:
    """Take the first steps of a test, or find them taken; ask for it before anything is written."""
    return Beginning(shop, databases)


@pytest.fixture
def reader(shop: Shop) -> FlaskClient:
    return shop.browser()
