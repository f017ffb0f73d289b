"""The card of a story, as the tag and as servers ask for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.database import db, writing
from tests.builders import a_product, aud
from tests.shop import Shop, open_shop, some_settings

PROMISED = {
    "": "version label store tips quiet note products newsletter",
    "store": "name line url",
    "tips": "text line url",
    "products": "handle title url price price_minor currency availability why picture",
    "newsletter": "action label heading button consent wording privacy_url done failed privacy",
}
"""What a pinned tag of any age may read: a name may join these, none may leave."""


def test_card_names_store_tips_and_products(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Late Edition tee")

    answer = reader.get("/widget/v1/card.json?title=Anything")

    card = json.loads(answer.data)
    assert card["store"]["line"] == "Visit the Gay Nation store now"
    assert [product["price"] for product in card["products"]] == ["$45.00"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_card_has_every_field_that_it_ever_had(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock)

    card: dict[str, Any] = reader.get("/widget/v1/card.json").get_json()

    parts = {"": card, **card, "products": card["products"][0]}
    for part, promised in PROMISED.items():
        assert set(promised.split()) <= set(parts[part])


def test_however_it_is_asked_for_a_story_has_one_card(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock)
    asked = (
        "url=https://news.example/a&title=A+pool&tags=x,y",
        "tags=x&tags=y&url=HTTPS%3A%2F%2FNEWS.example%2Fa%2F%3Futm%3D1%23top&title=%20A%20%20pool",
        "title=A+pool&unknown=1&tags=x%2C+y%2Cx&url=https://news.example:443/a&count=3&quiet=0",
    )

    answers = [reader.get(f"/widget/v1/card.json?{query}") for query in asked]

    assert len({(answer.data, answer.headers["ETag"]) for answer in answers}) == 1


def test_fragment_carries_a_working_form(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Late Edition tee")

    answer = reader.get("/widget/v1/card.html")

    assert 'action="http://localhost/widget/v1/newsletter"' in answer.text
    assert "Late Edition tee" in answer.text


@pytest.mark.parametrize("kind", ["json", "html"])
@pytest.mark.parametrize(
    ("title", "said"), [("Nothing", "Popular in the shop"), ("Swimming", "about swimming")]
)
def test_why_a_product_is_shown_is_said_once(
    shop: Shop, reader: FlaskClient, kind: str, title: str, said: str
) -> None:
    with shop.app.app_context(), writing():
        for number in range(3):
            a_product(shop.clock, title=f"Tee {number}", tags=["swimming"] if number == 0 else [])

    answer = reader.get(f"/widget/v1/card.{kind}", query_string={"title": title, "count": 1})

    assert answer.text.count(said) == 1


@pytest.mark.parametrize("country", ["JP", "MX", "AU", "XX"])
def test_card_is_written_in_any_country(
    database_url: str, clock: FixedClock, tmp_path: Path, country: str
) -> None:
    settings = some_settings(tmp_path / "var", database_url, country=country)
    shop = open_shop(settings, clock)
    with shop.app.app_context(), writing():
        a_product(clock, price=aud(45))

    answers = [shop.browser().get(f"/widget/v1/card.{kind}") for kind in ("json", "html")]

    with shop.app.app_context():
        db.engine.dispose()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("$45.00" in answer.text for answer in answers)
