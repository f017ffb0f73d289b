"""What several tests of the desk want beside a shop."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from store.app import STAFF
from store.media.storage import open_media
from store.web.doors import EXTENSION
from tests.beginning import Beginning
from tests.builders import aud
from tests.buying import a_variant
from tests.desk import Desk, bought
from tests.shop import Shop
from tests.staff.audit_words import heard


@pytest.fixture(autouse=True)
def _in_words() -> Iterator[None]:
    """Whatever staff do in a test can be read on the page of changes, and none of it as code."""
    with heard() as unsaid:
        yield
    assert unsaid == []


@pytest.fixture
def gallery(shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A shop that keeps pictures in a folder."""
    services = replace(shop.services, media=open_media(f"file://{tmp_path}/media"))
    for app in (shop.app, shop.app.extensions[STAFF].app):
        app.extensions[EXTENSION] = services
    yield replace(shop, services=services)
    shop.app.extensions[STAFF].app.extensions[EXTENSION] = shop.services


@pytest.fixture
def tee(app: Flask, begin: Beginning) -> int:
    return begin(_tee)


@pytest.fixture
def order(begin: Beginning, tee: int) -> str:
    """Three tees at 45 dollars and shipping of nothing: the order is above what ships free."""
    return begin(_three, tee)


def _tee(shop: Shop) -> int:
    return a_variant(shop, stock=9, title="Late Edition tee", price=aud(45))


def _three(shop: Shop, tee: int) -> str:
    return bought(shop, tee, quantity=3)


@pytest.fixture
def desk(shop: Shop, begin: Beginning) -> Desk:
    return Desk(shop, begin=begin)
