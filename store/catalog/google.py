"""Writes goods as Google Merchant Center reads them: https://support.google.com/merchants/answer/7052112.

One entry for each variant; those of one product share a group. What nobody knows is left out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from xml.sax.saxutils import escape

from store.catalog.identifying import ATTRIBUTES, is_gtin
from store.catalog.merchandise import Goods, Merchandise
from store.catalog.presenting import Availability, Picture
from store.catalog.structured import decimal
from store.media.renditions import rendition_name
from store.money import Money
from store.settings import Settings
from store.web.markdown import plain_text
from store.web.xml_text import xml_text

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_CODE = 150, 5_000, 50
MOST_PICTURES = 10
PICTURE_WIDTH = 1280
_AVAILABILITY = {
    Availability.IN_STOCK: "in_stock",
    Availability.LOW: "in_stock",
    Availability.SOLD_OUT: "out_of_stock",
    Availability.BACKORDER: "backorder",
    Availability.PREORDER: "preorder",
    Availability.HELD: "out_of_stock",
}
Attributes = Iterator[tuple[str, str]]


def feed(settings: Settings, merchandise: Iterable[Merchandise], title: str) -> Iterator[str]:
    """Give the document in parts, one for each product."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"{_element('title', title)}"
        f"{_element('link', settings.public_url + '/')}"
        f"{_element('description', settings.brand_tagline)}\n"
    )
    for product in merchandise:
        yield _items(product, settings)
    yield "</channel></rss>\n"


def _items(product: Merchandise, settings: Settings) -> str:
    # Written once for all its variants: a text is the dearest part of an entry.
    words = plain_text(product.body, LONGEST_DESCRIPTION) or product.title
    shared = "".join(_element(name, text) for name, text in _shared(product, words, settings))
    return "".join(
        "<item>"
        + "".join(_element(name, text) for name, text in _own(goods, product, settings))
        + shared
        + "</item>\n"
        for goods in product.goods
    )


def _shared(product: Merchandise, words: str, settings: Settings) -> Attributes:
    yield "g:description", words
    yield "g:link", f"{settings.public_url}/products/{product.handle}"
    yield "g:brand", product.vendor or settings.brand_name
    yield "g:condition", "new"
    if product.product_type:
        yield "g:product_type", product.product_type
    if len(product.goods) > 1:
        yield "g:item_group_id", str(product.product_id)


def _own(goods: Goods, product: Merchandise, settings: Settings) -> Attributes:
    choice = goods.choice
    yield "g:id", f"{product.product_id}-{choice.variant_id}"
    yield "g:title", f"{product.title} – {choice.label}" if choice.label else product.title
    yield "g:availability", _AVAILABILITY[choice.availability]
    if choice.ships_on is not None:
        leaves_at = datetime.combine(choice.ships_on, time(), tzinfo=settings.zone)
        yield "g:availability_date", leaves_at.strftime("%Y-%m-%dT%H:%M%z")
    yield from _prices(goods)
    yield from _pictures(goods, product, settings)
    for name, value in zip(product.options, choice.option_values, strict=False):
        if known := ATTRIBUTES.get(name.casefold()):
            yield f"g:{known}", value
    yield from _identity(goods, product)
    if choice.requires_shipping and goods.weight_grams:
        yield "g:shipping_weight", f"{goods.weight_grams} g"


def _prices(goods: Goods) -> Attributes:
    choice, coming = goods.choice, goods.coming
    if choice.compare_at is not None:
        yield "g:price", _amount(choice.compare_at)
        yield "g:sale_price", _amount(choice.price)
        if choice.price_since is not None and choice.price_until is not None:
            yield "g:sale_price_effective_date", _span(choice.price_since, choice.price_until)
        return
    yield "g:price", _amount(choice.price)
    if coming is not None:
        yield "g:sale_price", _amount(coming.price)
        yield "g:sale_price_effective_date", _span(coming.starts_at, coming.ends_at)


def _pictures(goods: Goods, product: Merchandise, settings: Settings) -> Attributes:
    own = goods.choice.picture
    shown = [picture for picture in (own, *product.pictures) if picture and picture.has_renditions]
    for place, picture in enumerate(dict.fromkeys(shown)):
        if place > MOST_PICTURES:
            return
        yield "g:additional_image_link" if place else "g:image_link", _address(picture, settings)


def _identity(goods: Goods, product: Merchandise) -> Attributes:
    choice = goods.choice
    if is_gtin(choice.barcode):
        yield "g:gtin", choice.barcode
    elif product.vendor and choice.sku and len(choice.sku) <= LONGEST_CODE:
        # Another maker's goods go by that maker's number; ours have none but our own.
        yield "g:mpn", choice.sku
    else:
        yield "g:identifier_exists", "no"


def _address(picture: Picture, settings: Settings) -> str:
    return (
        f"{settings.public_url}/media/{rendition_name(picture.content_hash, PICTURE_WIDTH, 'webp')}"
    )


def _amount(price: Money) -> str:
    return f"{decimal(price)} {price.currency}"


def _span(starts_at: datetime, ends_at: datetime) -> str:
    return "/".join(
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") for moment in (starts_at, ends_at)
    )


def _element(name: str, text: str) -> str:
    longest = LONGEST_TITLE if name == "g:title" else LONGEST_DESCRIPTION
    return f"<{name}>{escape(xml_text(text)[:longest])}</{name}>"
