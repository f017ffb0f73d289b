"""Products that are downloaded: a file as staff take it in, and what its buyer gets."""

import re
from hashlib import sha256
from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.catalog.files.keeping import add_file, replace_file, store_file
from store.catalog.files.models import ProductFile
from store.catalog.models import Variant
from store.database import db, writing
from store.orders.downloads.telling import tell_later
from tests.buying import a_variant, buy, thanks, the_order
from tests.orders.after_buying import Reader
from tests.shop import Shop

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
EPUB = b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/epub+zip" + b"\x00" * 60
MP3 = b"ID3\x04\x00" + bytes(200)


def a_file(
    shop: Shop, variant_id: int, *, name: str = "Crossword.pdf", content: bytes = PDF
) -> ProductFile:
    """Put a file on sale with a variant; call it inside the app."""
    services = shop.services
    stored = store_file(name, BytesIO(content), services.files, most=services.settings.file_bytes)
    with writing():
        file_id = add_file(db.session.get_one(Variant, variant_id), stored, shop.clock).id
    return db.session.get_one(ProductFile, file_id)


def a_new_edition(shop: Shop, file_id: int, content: bytes) -> None:
    """Put other bytes in the place of a file, and tell its buyers; call it inside the app."""
    services = shop.services
    stored = store_file("Crossword.pdf", BytesIO(content), services.files, most=len(content))
    with writing():
        file = db.session.get_one(ProductFile, file_id)
        replace_file(file, stored, shop.clock)
        tell_later(file, services)


def a_download_for_sale(shop: Shop, *, name: str = "Crossword.pdf", content: bytes = PDF) -> int:
    """Put a product on sale that is only a file; return its variant."""
    variant_id = a_variant(shop, title="Saturday crossword")
    with shop.app.app_context():
        a_file(shop, variant_id, name=name, content=content)
    return variant_id


def bought(shop: Shop, variant_id: int, quantity: int = 1) -> Reader:
    """Buy it as a reader does; return her browser at her order. Call it inside the app."""
    browser: FlaskClient = shop.browser()
    thanks(browser, buy(shop, browser, variant_id, quantity))
    return Reader(shop, the_order().number)


def buttons(page: TestResponse) -> list[tuple[str, str]]:
    """Return each download button of an order's page: below which path, and what it saw."""
    found = re.findall(
        r'action="[^"?]*(/downloads/\d+)\?key=[^"]*">\s*<input[^>]*name="seen" value="(\d+)"',
        page.text,
    )
    return [(path, seen) for path, seen in found]


def press(reader: Reader) -> TestResponse:
    """Press the first button of the order's page."""
    path, seen = buttons(reader.get())[0]
    return reader.post(path, seen=seen)


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()
