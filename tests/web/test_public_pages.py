"""Promises about the shop's own public pages: the same bytes for every reader."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.catalog.publishing import publish
from store.database import writing
from store.web.page_memory import page_memory
from store.web.page_policy import policy_of
from store.widget.loader import loader
from tests.builders import a_collection, a_product
from tests.newsletter.campaigning import begun
from tests.shop import Shop

PINNED = loader().pinned.removeprefix("/widget/").removesuffix(".js").split("/")
SAMPLES = {
    "catalog": {"handle": "late-edition-tee"},
    "content": {"slug": "shipping"},
    "sitemap": {"number": "1"},
    "archive": {"slug": "spring"},
    "embedding": {"handle": "late-edition-tee"},
    "widget_script": dict(zip(("version", "name"), PINNED, strict=True)),
}
QUERIES = {
    "embedding.oembed": {"url": "http://localhost/products/late-edition-tee"},
    "catalog.cards": {"handles": "late-edition-tee"},
    "back_in_stock.form": {"variant": "1"},
}


@pytest.fixture
def filled(shop: Shop) -> Shop:
    with shop.app.app_context():
        with writing():
            product = a_product(shop.clock, handle="late-edition-tee")
            a_collection(shop.clock, [product], handle="late-edition-tee")
        begun(shop, slug="spring")
    return shop


def public_addresses(app: Flask) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if policy_of(app.view_functions[rule.endpoint]) is not None:
            room = rule.endpoint.partition(".")[0]
            values = SAMPLES[room] if rule.arguments else QUERIES.get(rule.endpoint, {})
            yield adapter.build(rule.endpoint, values)


def a_regular(shop: Shop) -> FlaskClient:
    reader = shop.browser()
    for name, value in {"cart": "token", "cart_count": "3", "staff": "x", "article": "y"}.items():
        reader.set_cookie(name, value)
    return reader


def test_every_public_page_is_the_same_for_every_reader(filled: Shop) -> None:
    differing = []
    for address in public_addresses(filled.app):
        first = a_regular(filled).get(address, headers={"Accept-Language": "de-DE"})
        page_memory(filled.app).clear()
        second = filled.browser().get(address)
        is_shared = first.data == second.data and first.status_code == 200
        if (
            not is_shared
            or "Set-Cookie" in first.headers
            or first.headers["Vary"] != "Accept-Encoding"
        ):
            differing.append(address)

    assert differing == []


def test_the_main_pages_are_public(filled: Shop) -> None:
    addresses = set(public_addresses(filled.app))

    assert {"/", "/products", "/products/late-edition-tee", "/pages/shipping"} <= addresses


def test_second_reader_costs_no_query(filled: Shop) -> None:
    page = filled.browser().get("/products/late-edition-tee")
    again = filled.browser().get("/products/late-edition-tee?utm_source=mail")

    assert again.headers["ETag"] == page.headers["ETag"]
    assert "Age" in again.headers


def test_product_with_a_date_appears_by_itself(filled: Shop) -> None:
    reader = filled.browser()
    with filled.app.app_context(), writing():
        product = a_product(filled.clock, title="Tomorrow's mug", handle="mug")
        product.published_at = filled.clock.now() + timedelta(seconds=30)
        publish(product, filled.clock)
    before = reader.get("/products")
    filled.clock.move_to(filled.clock.now() + timedelta(seconds=30))

    assert "Tomorrow&#39;s mug" not in before.text
    assert "Tomorrow&#39;s mug" in reader.get("/products").text


def keys_of(shop: Shop, address: str) -> set[str]:
    answer = shop.browser().get(address)
    keys = answer.headers["Surrogate-Key"].split(" ")
    assert answer.headers["Cache-Tag"].split(",") == keys
    return set(keys)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", {"shop", "products", "product-{tee}", "product-{mug}", "collection-{section}"}),
        ("/products", {"shop", "products", "product-{tee}", "product-{mug}"}),
        ("/products?q=mug", {"shop", "products", "product-{mug}"}),
        ("/collections/front", {"shop", "product-{tee}", "collection-{section}"}),
        ("/products/tee", {"shop", "product-{tee}", "collection-{section}"}),
        ("/embed/products/mug", {"shop", "product-{mug}"}),
        ("/cards?handles=mug", {"shop", "product-{mug}"}),
        ("/feeds/products.json", {"shop", "products", "product-{tee}", "product-{mug}"}),
    ],
)
def test_shared_caches_learn_what_a_page_shows(shop: Shop, address: str, shown: set[str]) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee")
        mug = a_product(shop.clock, handle="mug", title="Mug", product_type="Mugs")
        ids = {"tee": tee.id, "mug": mug.id}
        ids["section"] = a_collection(shop.clock, [tee], handle="front").id

    assert keys_of(shop, address) == {key.format(**ids) for key in shown}


def test_text_page_names_itself_and_those_that_it_leads_to(shop: Shop) -> None:
    assert {"shop", "page-shipping", "page-returns"} <= keys_of(shop, "/pages/shipping")


def test_keys_are_kept_with_the_page_and_told_with_a_304(filled: Shop) -> None:
    first = filled.browser().get("/products/late-edition-tee")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = filled.browser().get("/products/late-edition-tee", headers=tag)

    assert again.status_code == 304
    assert again.headers["Surrogate-Key"] == first.headers["Surrogate-Key"]


def test_what_belongs_to_one_reader_has_no_keys(filled: Shop) -> None:
    for address in ("/cart", "/orders/find", "/products/nowhere", "/healthz"):
        assert "Surrogate-Key" not in filled.browser().get(address).headers
