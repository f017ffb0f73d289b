"""What tests of the catalogue may begin with beside the usual shop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.clock import FixedClock
from store.database import db
from tests.shop import Shop, open_shop, some_settings


@pytest.fixture
def lawful_shop(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    """A shop that must name the lowest price of the thirty days before a reduction."""
    shop = open_shop(some_settings(tmp_path, database_url, tells_lowest_price=True), clock)
    yield shop
    with shop.app.app_context():
        db.engine.dispose()
