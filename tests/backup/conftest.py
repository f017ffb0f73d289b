"""Somewhere else to make the shop again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.moving import Place, new_place
from tests.shop import Shop


@pytest.fixture(autouse=True)
def _no_pooler(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--pooler"):
        pytest.skip("backups ask the server itself: tests/kernel/test_pooling.py")


@pytest.fixture
def place(shop: Shop, tmp_path: Path) -> Iterator[Place]:
    yield from new_place(shop.services.settings, shop.services, tmp_path)
