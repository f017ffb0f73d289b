"""WordPress sites with the plugin, and the store that they ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integrations.wordpress_site import PHP, SHOP, MadeStore, Site, made_store


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(php=str(PHP), memory=tmp_path / "memory.json")


@pytest.fixture
def tagged(site: Site) -> Site:
    """A site whose readers' browsers ask the store."""
    site.set_up(store=SHOP)
    return site


@pytest.fixture
def shop_made() -> Iterator[MadeStore]:
    with made_store() as made:
        yield made


@pytest.fixture
def asking(site: Site, shop_made: MadeStore) -> Site:
    """A site that asks the store itself."""
    site.set_up(store=shop_made.url, mode="server")
    return site
