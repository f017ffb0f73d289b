"""What several tests of the desk want beside a shop."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.app import STAFF
from store.media.storage import open_media
from store.web.doors import EXTENSION
from tests.shop import Shop


@pytest.fixture
def gallery(shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A shop that keeps pictures in a folder."""
    services = replace(shop.services, media=open_media(f"file://{tmp_path}/media"))
    for app in (shop.app, shop.app.extensions[STAFF].app):
        app.extensions[EXTENSION] = services
    yield replace(shop, services=services)
    shop.app.extensions[STAFF].app.extensions[EXTENSION] = shop.services
