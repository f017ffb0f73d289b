"""A kiosk around the newsroom, and a reader of it."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Kiosk, OpenKiosk
from tests.web.page_memory.newsroom import Newsroom


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture
def kiosk(open_kiosk: OpenKiosk, newsroom: Newsroom) -> Iterator[Kiosk]:
    kiosk = open_kiosk(newsroom.room)
    yield kiosk
    newsroom.release.set()


@pytest.fixture
def reader(kiosk: Kiosk) -> FlaskClient:
    return kiosk.browser()
