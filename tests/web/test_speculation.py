"""Browsers may fetch ahead what is for everybody, and nothing that belongs to one reader."""

import json

import pytest
from flask.testing import FlaskClient

from store.database import writing
from tests.builders import a_product
from tests.shop import Shop


def test_every_page_of_the_catalogue_names_the_rules(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="tee")

    for path in ("/", "/products", "/products/tee", "/pages/returns"):
        # From the memory as well.
        for _time in range(2):
            assert reader.get(path).headers["Speculation-Rules"] == '"/speculation-rules.json"'


@pytest.mark.parametrize(
    "path", ["/cart", "/feeds/products.json", "/embed/products/tee", "/staff/"]
)
def test_nothing_else_names_them(shop: Shop, reader: FlaskClient, path: str) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="tee")

    assert "Speculation-Rules" not in reader.get(path).headers


def test_the_rules_are_of_their_own_kind_and_name_no_private_page(reader: FlaskClient) -> None:
    answer = reader.get("/speculation-rules.json")
    rules = json.loads(answer.data)

    assert answer.mimetype == "application/speculationrules+json"
    assert set(rules) == {"prefetch", "prerender"}
    patterns = json.dumps(rules)
    private = ("cart", "checkout", "staff", "newsletter", "preview", "orders", "from", '"/*"')
    assert not any(word in patterns for word in private)
