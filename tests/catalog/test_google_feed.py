"""Google's Merchant Center reads every variant, with the price that a reader pays."""

import gzip
from datetime import timedelta
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

from store.catalog.merchandise import AT_ONCE
from store.catalog.models import Product, ProductStatus, StockPolicy
from store.catalog.prices.changing import PriceWanted, change_prices
from store.catalog.prices.writing import set_price
from store.database import writing
from store.money import Money
from tests.builders import a_product, an_image, aud
from tests.catalog.counting import counted_queries
from tests.shop import Shop

G = "{http://base.google.com/ns/1.0}"
HOUR = timedelta(hours=1)
SPAN = "2026-11-21T23:30Z/2026-11-22T00:30Z"
"""The hour that begins an hour after tests do."""


def entries(reader: FlaskClient) -> list[ET.Element]:
    answer = reader.get("/feeds/google.xml")
    assert answer.mimetype == "application/xml"
    return ET.fromstring(answer.data).findall("channel/item")


def told(entry: ET.Element, name: str) -> str | None:
    return entry.findtext(f"{G}{name}")


def prices(reader: FlaskClient) -> list[str | None]:
    [entry] = entries(reader)
    return [told(entry, name) for name in ("price", "sale_price", "sale_price_effective_date")]


def on_sale(product: Product, price: Money, shop: Shop, *, starts: timedelta) -> None:
    begins = shop.clock.now() + starts
    change_prices(
        product,
        [PriceWanted(variant.id, price) for variant in product.variants],
        shop.clock,
        starts_at=begins,
        ends_at=begins + HOUR,
    )


def test_each_variant_is_an_entry_of_one_group(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(
            shop.clock,
            handle="tee",
            options={"Colour": ["Ink"], "Size": ["S", "M"]},
            body="*Heavy*.",
        )
        for content_hash in ("a" * 64, "b" * 64):
            an_image(product, content_hash=content_hash).has_renditions = True
        number, first = product.id, product.variants[0].id

    small, medium = entries(reader)

    assert told(small, "id") == f"{number}-{first}"
    assert {told(entry, "item_group_id") for entry in (small, medium)} == {str(number)}
    assert told(small, "title") == "Late Edition tee – Ink / S"
    assert told(small, "description") == "Heavy."
    assert told(small, "link") == "http://localhost/products/tee"
    assert (told(small, "color"), told(medium, "size")) == ("Ink", "M")
    assert told(small, "price") == "45.00 AUD"
    assert told(small, "sale_price") is None
    assert told(small, "availability") == "in_stock"
    assert told(small, "condition") == "new"
    assert told(small, "brand") == "Gay Nation"
    assert told(small, "product_type") == "T-shirts"
    assert told(small, "shipping_weight") == "200 g"
    assert (told(small, "image_link") or "").endswith(f"{'a' * 64}-1280.webp")
    assert (told(small, "additional_image_link") or "").endswith(f"{'b' * 64}-1280.webp")


def test_what_nobody_knows_is_left_out(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, product_type="")
        product.variants[0].weight_grams = 0
        product.variants[0].barcode = "4006381333932"

    [entry] = entries(reader)

    unknown = ("gtin", "mpn", "product_type", "shipping_weight", "item_group_id", "image_link")
    assert [told(entry, name) for name in unknown] == [None] * len(unknown)
    assert told(entry, "identifier_exists") == "no"


def test_numbers_of_the_world_and_of_other_makers_are_told(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock).variants[0].barcode = "4006381333931"
        other = a_product(shop.clock)
        other.vendor, other.variants[0].sku = "Olivetti", "LETTERA-22"

    ours, theirs = entries(reader)

    assert (told(ours, "gtin"), told(ours, "identifier_exists")) == ("4006381333931", None)
    assert (told(theirs, "mpn"), told(theirs, "brand")) == ("LETTERA-22", "Olivetti")


def test_a_sale_is_told_with_its_time_while_it_lasts_and_before(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        on_sale(a_product(shop.clock, price=aud(45)), aud(30), shop, starts=HOUR)

    before = prices(reader)
    shop.clock.move_to(shop.clock.now() + HOUR)
    during = prices(reader)
    shop.clock.move_to(shop.clock.now() + HOUR)

    assert before == during == ["45.00 AUD", "30.00 AUD", SPAN]
    assert prices(reader) == ["45.00 AUD", None, None]


def test_a_sale_is_announced_where_it_is_told_from_the_lowest_price_before(
    lawful_shop: Shop,
) -> None:
    with lawful_shop.app.app_context(), writing():
        on_sale(a_product(lawful_shop.clock, price=aud(45)), aud(30), lawful_shop, starts=HOUR)

    assert prices(lawful_shop.browser()) == ["45.00 AUD", "30.00 AUD", SPAN]


def test_where_the_price_before_was_lower_a_sale_is_told_once_it_has_begun(
    lawful_shop: Shop,
) -> None:
    shop, reader = lawful_shop, lawful_shop.browser()
    shop.clock.move_to(shop.clock.now() - 10 * HOUR)
    with shop.app.app_context(), writing():
        variant = a_product(shop.clock, price=aud(40)).variants[0]
        shop.clock.move_to(shop.clock.now() + 10 * HOUR)
        set_price(variant, aud(45), None, shop.clock.now())
        on_sale(variant.product, aud(30), shop, starts=HOUR)

    before = prices(reader)
    shop.clock.move_to(shop.clock.now() + HOUR)

    # Google would strike through what it was told as the price, and 45 is not the lowest.
    assert before == ["45.00 AUD", None, None]
    assert prices(reader) == ["40.00 AUD", "30.00 AUD", SPAN]


def test_every_kind_of_stock_has_its_word(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        for policy in StockPolicy:
            a_product(shop.clock, stock=0, policy=policy)
        a_product(shop.clock, stock=1)
        a_product(shop.clock, tracked=False)

    words = [told(entry, "availability") for entry in entries(reader)]

    assert words == ["out_of_stock", "backorder", "preorder", "in_stock", "in_stock"]


def test_only_what_readers_see_is_told(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, status=ProductStatus.DRAFT)
        a_product(shop.clock, status=ProductStatus.ARCHIVED)
        a_product(shop.clock).published_at = shop.clock.now() + HOUR
        a_product(shop.clock).unpublish_at = shop.clock.now()

    assert entries(reader) == []


def test_no_text_breaks_the_document(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="A & <b> ]]> \x0b\x1f\ufffe 🏳️‍🌈" + "x" * 200, body="\x08&amp;")

    [entry] = entries(reader)

    title = told(entry, "title") or ""
    assert title.startswith("A & <b> ]]>  🏳️‍🌈x")
    assert len(title) <= 150


def test_a_large_shop_is_read_in_parts(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context():
        with writing():
            for _number in range(3):
                a_product(shop.clock, options={"Size": ["S", "M"]})
        with counted_queries() as queries:
            reader.get("/feeds/google.xml")

    assert AT_ONCE >= 200
    assert len(queries) <= 10


def test_it_comes_packed_to_whoever_takes_it(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock)

    answer = reader.get("/feeds/google.xml", headers={"Accept-Encoding": "gzip"})

    assert b"Late Edition tee" in gzip.decompress(answer.data)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "no-cache"
