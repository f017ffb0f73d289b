"""A shop that knows a news site, and counts that begin with each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.database import db
from tests.conftest import Databases
from tests.shop import Shop, StandingShop, open_shop, some_settings
from tests.widget.paper import Paper, a_paper

NEWS = "https://news.example"
STORY = f"{NEWS}/2026/11/pool-reopens"


@pytest.fixture
def news_shop(database_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Shop]:
    """A shop for whose stories views and clicks are counted."""
    settings = some_settings(tmp_path / "var", database_url, news_origins=NEWS)
    shop = open_shop(settings, clock)
    yield shop
    with shop.app.app_context():
        db.engine.dispose()


@pytest.fixture
def news_reader(news_shop: Shop) -> FlaskClient:
    return news_shop.browser()


@pytest.fixture(scope="session")
def standing_paper() -> Iterator[Paper]:
    with a_paper() as paper:
        yield paper


@pytest.fixture
def paper(standing_paper: Paper) -> Paper:
    """A news site on a real socket, without any page yet."""
    standing_paper.pages.clear()
    standing_paper.asked.clear()
    return standing_paper


@pytest.fixture(scope="session")
def standing_paper_shop(
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    standing_clock: FixedClock,
    standing_paper: Paper,
) -> Iterator[StandingShop]:
    folder = tmp_path_factory.mktemp("paper_shop") / "var"
    settings = some_settings(folder, databases.url, news_origins=standing_paper.url)
    standing = StandingShop(settings, standing_clock)
    yield standing
    with standing.app.app_context():
        db.engine.dispose()


@pytest.fixture
def paper_shop(
    standing_paper_shop: StandingShop, database_url: str, clock: FixedClock, paper: Paper
) -> Iterator[Shop]:
    """A shop that reads the pages of that news site."""
    yield standing_paper_shop.reopen()
    standing_paper_shop.assert_unchanged()


@pytest.fixture
def editor(paper_shop: Shop) -> FlaskClient:
    return paper_shop.browser()
