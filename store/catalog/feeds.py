"""Products as feeds: JSON Feed 1.1 and Atom (RFC 4287) for readers, all of them for Google."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import (
    Blueprint,
    Response,
    current_app,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_babel import gettext as _

from store.catalog import google
from store.catalog.listed_prices import LISTED_PRICE, ListedPrice, listed
from store.catalog.merchandise import all_merchandise
from store.catalog.newest import NewProduct, newest_products
from store.catalog.presenting import Availability
from store.catalog.structured import decimal
from store.media.renditions import rendition_name
from store.settings import Settings
from store.web.doors import services
from store.web.letterhead import shop_settings
from store.web.page_policy import cached_for
from store.web.xml_text import xml_text

blueprint = Blueprint("feeds", __name__)

ITEMS = 50
PICTURE_WIDTH = 960
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """One product as a feed tells of it; addresses are whole, html is our own template's."""

    address: str
    title: str
    html: str
    picture: str
    price: str
    currency: str
    availability: str
    tags: tuple[str, ...]
    published_at: datetime
    updated_at: datetime


@blueprint.get("/feeds/products.json")
@cached_for(300, stale=3600)
def products_json() -> Response:
    settings = shop_settings()
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(settings),
        "home_page_url": f"{settings.public_url}/",
        "feed_url": f"{settings.public_url}{url_for('feeds.products_json')}",
        "description": settings.brand_tagline,
        "language": f"en-{settings.country}",
        "authors": [{"name": settings.brand_name, "url": f"{settings.public_url}/"}],
        "items": [_json_item(entry) for entry in _entries(settings)],
    }
    body = json.dumps(feed, ensure_ascii=False, separators=(",", ":"))
    return Response(body, mimetype="application/feed+json")


@blueprint.get("/feeds/products.atom")
@cached_for(300, stale=3600)
def products_atom() -> Response:
    settings = shop_settings()
    body = _atom(settings, _entries(settings))
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/feeds/google.xml")
def google_xml() -> Response:
    """Send every product as it is read: however many they are, few are held at a time."""
    settings, now = shop_settings(), services().clock.now()
    title = _("The %(name)s store", name=settings.brand_name)
    ask: Callable[[], ListedPrice | None] = current_app.extensions[LISTED_PRICE]
    goods = listed(all_merchandise(now), ask())
    parts = (part.encode() for part in google.feed(settings, goods, title))
    packs = request.accept_encodings.best_match(["gzip", "identity"]) == "gzip"
    body = _packed(parts) if packs else parts
    response = Response(
        stream_with_context(body),
        content_type="application/xml; charset=utf-8",
        direct_passthrough=True,
    )
    # Prices change by the second; whoever keeps it asks again.
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
    if packs:
        response.content_encoding = "gzip"
    return response


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=3, wbits=zlib.MAX_WBITS | 16)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def _title(settings: Settings) -> str:
    words: str = _("New at the %(name)s store", name=settings.brand_name)
    return words


def _entries(settings: Settings) -> list[Entry]:
    products = newest_products(ITEMS, now=services().clock.now())
    return [_entry(product, settings) for product in products]


def _entry(product: NewProduct, settings: Settings) -> Entry:
    card, source = product.card, ""
    if card.picture is not None and card.picture.has_renditions:
        name = rendition_name(card.picture.content_hash, PICTURE_WIDTH, "webp")
        source = f"{settings.public_url}/media/{name}"
    return Entry(
        address=f"{settings.public_url}{url_for('catalog.product', handle=card.handle)}",
        title=card.title,
        html=render_template("catalog/feed_item.html", product=product, source=source),
        picture=source,
        price=decimal(card.price_from),
        currency=card.price_from.currency,
        availability=_told(card.availability).value,
        tags=product.tags,
        published_at=product.published_at,
        updated_at=product.updated_at,
    )


def _told(availability: Availability) -> Availability:
    """Whoever reads a feed reads it later: what somebody is paying for is sold by then."""
    return Availability.SOLD_OUT if availability is Availability.HELD else availability


def _json_item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.address,
        "url": entry.address,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
        "tags": list(entry.tags),
        # An extension, as the format asks for it: a name of its own behind an underscore.
        "_store": {
            "price": entry.price,
            "currency": entry.currency,
            "availability": entry.availability,
        },
    }
    return item | {"image": entry.picture} if entry.picture else item


def _atom(settings: Settings, entries: Sequence[Entry]) -> bytes:
    own = f"{settings.public_url}{url_for('feeds.products_atom')}"
    newest = max((entry.updated_at for entry in entries), default=datetime(2000, 1, 1, tzinfo=UTC))
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": f"en-{settings.country}"})
    _add(feed, "id", own)
    _add(feed, "title", _title(settings))
    _add(feed, "subtitle", settings.brand_tagline)
    _add(feed, "updated", newest.isoformat())
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=own)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{settings.public_url}/")
    _add(ET.SubElement(feed, "author"), "name", settings.brand_name)
    for entry in entries:
        _add_entry(feed, entry)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(feed: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(feed, "entry")
    _add(element, "id", entry.address)
    _add(element, "title", entry.title)
    _add(element, "published", entry.published_at.isoformat())
    _add(element, "updated", entry.updated_at.isoformat())
    ET.SubElement(element, "link", rel="alternate", type="text/html", href=entry.address)
    for tag in entry.tags:
        ET.SubElement(element, "category", term=xml_text(tag))
    content = ET.SubElement(element, "content", type="html")
    content.text = xml_text(entry.html)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = xml_text(text)
