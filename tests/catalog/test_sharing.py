"""A link to a product in a social network shows its picture, its title and no price."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from store.catalog.models import Product
from store.clock import FixedClock
from store.database import bump_public_version, db, writing
from store.media.images import store_picture
from store.media.storage import open_media
from store.web.doors import EXTENSION
from tests.builders import a_product, an_image
from tests.pages import Page
from tests.shop import Shop, open_shop, some_settings


@pytest.fixture
def shop(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    """A shop that keeps pictures."""
    opened = open_shop(some_settings(tmp_path, database_url), clock)
    services = replace(opened.services, media=open_media((tmp_path / "media").as_uri()))
    opened.app.extensions[EXTENSION] = services
    yield replace(opened, services=services)
    with opened.app.app_context():
        db.engine.dispose()


def a_red_picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (800, 1000), (200, 20, 20)).save(target, "PNG")
    return target.getvalue()


def a_shown_product(shop: Shop, title: str = "Late Edition tee") -> int:
    stored = store_picture(a_red_picture(), shop.services.media)
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", title=title)
        an_image(product, content_hash=stored.content_hash).has_renditions = True
        return product.id


def card_of(shop: Shop) -> str:
    address = Page(shop.browser().get("/products/tee")).meta("og:image")
    return urlsplit(address).path


def test_a_card_is_drawn_when_it_is_first_asked_for(shop: Shop) -> None:
    a_shown_product(shop)
    path = card_of(shop)

    first, second = shop.browser().get(path), shop.browser().get(path)

    with Image.open(io.BytesIO(first.data)) as card:
        assert (card.format, card.size) == ("JPEG", (1200, 630))
        red, green, _blue = card.convert("RGB").getpixel((200, 300))  # type: ignore[misc] # three of them
        assert red > 150 > green
        words = card.convert("L").crop((620, 130, 1180, 620)).getextrema()
        assert words[0] < 80  # type: ignore[operator] # one channel
        assert words[1] > 200  # type: ignore[operator] # one channel
    assert first.data == second.data
    assert "immutable" in first.headers["Cache-Control"]
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_page_says_how_large_it_is_and_what_it_shows(shop: Shop) -> None:
    a_shown_product(shop)

    page = Page(shop.browser().get("/products/tee"))

    assert (page.meta("og:image:width"), page.meta("og:image:height")) == ("1200", "630")
    assert page.meta("og:image:alt") == "Late Edition tee – Gay Nation"
    assert page.meta("twitter:card") == "summary_large_image"


def test_another_title_has_another_card(shop: Shop) -> None:
    number = a_shown_product(shop)
    before = card_of(shop)
    drawn = shop.browser().get(before).data
    with shop.app.app_context(), writing():
        db.session.get_one(Product, number).title = "Late Final tee"
        bump_public_version()

    after = card_of(shop)

    assert after != before
    assert shop.browser().get(after).status_code == 200
    assert shop.browser().get(before).data == drawn


@pytest.mark.parametrize("path", ["/cards/1/x.jpg", "/cards/99/" + "a" * 32 + ".jpg"])
def test_no_card_is_drawn_for_whoever_guesses(shop: Shop, path: str) -> None:
    a_shown_product(shop)

    assert shop.browser().get(path).status_code == 404


@pytest.mark.parametrize("title", ["彩虹T恤", "Fahne 🏳️‍🌈"])
def test_letters_that_no_face_has_leave_the_picture_alone(shop: Shop, title: str) -> None:
    a_shown_product(shop, title)

    assert card_of(shop).startswith("/media/")


@pytest.mark.parametrize("title", ["W" * 200, "word " * 60, "A", "Ein sehr langer Titel" * 3])
def test_every_title_finds_room(shop: Shop, title: str) -> None:
    a_shown_product(shop, title.strip()[:255])

    answer = shop.browser().get(card_of(shop))

    with Image.open(io.BytesIO(answer.data)) as card:
        margin = card.convert("L").crop((1150, 130, 1200, 630)).getextrema()
    assert margin[0] > 200  # type: ignore[operator] # one channel
