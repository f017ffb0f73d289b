"""The card of a story, as the tag and as servers ask for it."""

import json

from flask.testing import FlaskClient

from store.database import writing
from tests.builders import a_product
from tests.shop import Shop


def test_card_names_store_tips_and_products(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Late Edition tee")

    answer = reader.get("/widget/v1/card.json?title=Anything")

    card = json.loads(answer.data)
    assert card["store"]["line"] == "Visit the Gay Nation store now"
    assert [product["price"] for product in card["products"]] == ["$45.00"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_fragment_carries_a_working_form(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Late Edition tee")

    answer = reader.get("/widget/v1/card.html")

    assert 'action="http://localhost/widget/v1/newsletter"' in answer.text
    assert "Late Edition tee" in answer.text
