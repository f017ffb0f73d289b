"""Promises to whoever follows the shop from a feed reader."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

from store.catalog.models import ProductStatus
from store.database import writing
from tests.builders import a_product, an_image, aud
from tests.catalog.counting import counted_queries
from tests.shop import Shop

ATOM = "{http://www.w3.org/2005/Atom}"


def test_feed_tells_of_the_newest_first(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="First", handle="first", tags=["tees"])
        shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
        newest = a_product(shop.clock, title="Second & last", handle="second", price=aud(39))
        an_image(newest, content_hash="a" * 64).has_renditions = True
        a_product(shop.clock, title="Not yet", status=ProductStatus.DRAFT)

    answer = reader.get("/feeds/products.json")

    feed = json.loads(answer.data)
    assert answer.mimetype == "application/feed+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in feed["items"]] == ["Second & last", "First"]
    assert feed["items"][0]["id"] == "http://localhost/products/second"
    assert feed["items"][0]["_store"]["price"] == "39.00"
    assert feed["items"][0]["image"].startswith("http://localhost/media/")
    assert feed["items"][1]["tags"] == ["tees"]


def test_atom_says_the_same(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Second & <last>", handle="second", body="A *tee*\x0b.")

    answer = reader.get("/feeds/products.atom")

    feed = ET.fromstring(answer.data)
    entry = feed.find(f"{ATOM}entry")
    assert answer.mimetype == "application/atom+xml"
    assert feed.findtext(f"{ATOM}id") == "http://localhost/feeds/products.atom"
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Second & <last>"
    assert "<em>tee</em>" in (entry.findtext(f"{ATOM}content") or "")


def test_shop_without_products_has_feeds_all_the_same(reader: FlaskClient) -> None:
    assert json.loads(reader.get("/feeds/products.json").data)["items"] == []
    assert ET.fromstring(reader.get("/feeds/products.atom").data).find(f"{ATOM}entry") is None


def test_long_feed_asks_the_database_no_more_often(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        for _number in range(12):
            a_product(shop.clock, options={"Colour": ["Red", "Blue"]})

    with shop.app.app_context(), counted_queries() as queries:
        reader.get("/feeds/products.json")

    assert len(queries) <= 10


def test_every_page_says_where_the_feeds_are(reader: FlaskClient) -> None:
    home = reader.get("/").text

    assert 'type="application/feed+json"' in home
    assert 'type="application/atom+xml"' in home
