"""Somewhere else to make the shop again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.moving import Place, new_place
from tests.shop import Shop


@pytest.fixture
def place(shop: Shop, tmp_path: Path) -> Iterator[Place]:
    yield from new_place(shop.services.settings, shop.services, tmp_path)
