"""What tests of the newsletter's room begin with."""

import pytest
from flask import Flask

from store.database import writing
from tests.builders import a_product
from tests.shop import Shop


@pytest.fixture
def variant(app: Flask, shop: Shop) -> int:
    """A mug that is sold out."""
    with writing():
        return a_product(shop.clock, handle="mug", title="Late mug", stock=0).variants[0].id
