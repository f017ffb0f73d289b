"""Search engines find every address that readers may see, with its pictures, and no other."""

from datetime import timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from store.catalog.models import Product, ProductStatus
from store.catalog.prices.changing import PriceWanted, change_prices
from store.content.sitemap import AT_ONCE
from store.database import db, writing
from tests.builders import a_collection, a_product, an_image, aud
from tests.shop import Shop

S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
I = "{http://www.google.com/schemas/sitemap-image/1.1}"  # noqa: E741 - beside S
HOUR = timedelta(hours=1)


def document(reader: FlaskClient, path: str = "/sitemap.xml") -> ET.Element:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    return ET.fromstring(answer.data)


def addresses(root: ET.Element) -> list[str]:
    return [loc.text or "" for loc in root.iter(f"{S}loc")]


def lastmod_of(reader: FlaskClient, handle: str) -> str | None:
    for url in document(reader).iter(f"{S}url"):
        if url.findtext(f"{S}loc") == f"http://localhost/products/{handle}":
            return url.findtext(f"{S}lastmod")
    raise AssertionError(handle)


def test_every_address_stands_there_and_answers(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_collection(shop.clock, [a_product(shop.clock, handle="彩虹-t恤")])
        a_product(shop.clock, handle="draft", status=ProductStatus.DRAFT)
        a_product(shop.clock, handle="soon").published_at = shop.clock.now() + HOUR

    listed = addresses(document(reader))

    assert "http://localhost/" in listed
    assert "http://localhost/collections/front-page" in listed
    assert "http://localhost/pages/shipping" in listed
    assert not any("draft" in address or "soon" in address for address in listed)
    assert all(address.isascii() for address in listed)
    assert {reader.get(address).status_code for address in listed} == {200}


def test_a_product_that_appears_by_itself_stands_there_at_once(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="soon").published_at = shop.clock.now() + HOUR
    assert "http://localhost/products/soon" not in addresses(document(reader))

    shop.clock.move_to(shop.clock.now() + HOUR)

    assert lastmod_of(reader, "soon") == shop.clock.now().isoformat()


def test_pictures_stand_beside_their_product(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        an_image(a_product(shop.clock), content_hash="a" * 64).has_renditions = True

    pictures = [loc.text for loc in document(reader).iter(f"{I}loc")]

    assert pictures == [f"http://localhost/media/aa/{'a' * 64}-1280.webp"]


def test_a_price_that_changes_by_itself_is_a_change(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee")
        change_prices(
            product,
            [PriceWanted(product.variants[0].id, aud(30))],
            shop.clock,
            starts_at=shop.clock.now() + HOUR,
            ends_at=shop.clock.now() + 2 * HOUR,
        )
    first = lastmod_of(reader, "tee")
    shop.clock.move_to(shop.clock.now() + HOUR)

    assert (first, lastmod_of(reader, "tee")) == (
        (shop.clock.now() - HOUR).isoformat(),
        shop.clock.now().isoformat(),
    )


@pytest.mark.slow
def test_a_large_shop_has_an_index_of_sitemaps(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        about = {"title": "Tee", "body": "", "status": "active", "product_type": ""}
        times = dict.fromkeys(("published_at", "created_at", "updated_at"), shop.clock.now())
        texts = dict.fromkeys(("vendor", "seo_title", "seo_description"), "")
        rows = [about | times | texts | {"handle": f"tee-{n}"} for n in range(AT_ONCE)]
        db.session.execute(insert(Product), rows)

    root = document(reader)
    parts = [document(reader, f"/sitemaps/{number}.xml") for number in (1, 2)]

    assert root.tag == f"{S}sitemapindex"
    assert addresses(root) == [f"http://localhost/sitemaps/{number}.xml" for number in (1, 2)]
    listed = [address for part in parts for address in addresses(part)]
    assert len([address for address in listed if "/products/" in address]) == AT_ONCE
    assert len(set(listed)) == len(listed)
    assert reader.get("/sitemaps/3.xml").status_code == 404
    assert reader.get("/sitemaps/0.xml").status_code == 404


def test_robots_may_see_the_shop_and_nothing_of_its_readers(reader: FlaskClient) -> None:
    answer = reader.get("/robots.txt")
    rules = RobotFileParser()
    rules.parse(answer.text.splitlines())

    assert answer.mimetype == "text/plain"
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]
    open_paths = (
        "/",
        "/products/tee",
        "/collections/x",
        "/pages/returns",
        "/media/aa/a.webp",
        "/cart",
    )
    assert all(rules.can_fetch("Anybot", path) for path in open_paths)
    closed = ("/cart/choose", "/checkout", "/orders/GN-1", "/preview/x", "/staff/", "/from?story=x")
    assert not any(rules.can_fetch("Anybot", path) for path in closed)
