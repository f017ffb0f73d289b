"""A shop that knows a news site, and counts that begin with each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.database import db
from tests.shop import Shop, open_shop, some_settings

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
