"""Promises to sites that embed a product: oEmbed, and documents for a frame."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from store.database import writing
from store.errors import NotFoundError
from store.widget.oembed import Resource, resource_at
from tests.builders import a_collection, a_product, an_image
from tests.pages import Page
from tests.shop import Shop, some_settings

TEE = "http://localhost/products/late-edition"


@pytest.fixture(autouse=True)
def _a_tee(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, title="Late <b>Edition</b> & tee", handle="late-edition")
        an_image(tee, content_hash="a" * 64).has_renditions = True
        a_collection(shop.clock, [tee], title="Front Page")


def ask(reader: FlaskClient, url: str = TEE, **given: object) -> dict[str, object]:
    answer = reader.get("/oembed", query_string={"url": url, **given})
    assert answer.status_code == 200
    fields: dict[str, object] = json.loads(answer.data)
    return fields


def test_answer_holds_what_the_format_asks_of_a_rich_one(reader: FlaskClient) -> None:
    answer = ask(reader)

    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert (answer["width"], answer["height"]) == (600, 340)
    assert 'src="http://localhost/embed/products/late-edition"' in str(answer["html"])
    assert "<b>" not in str(answer["html"])


@pytest.mark.parametrize(("width", "height"), [(300, 200), (1, 1), (10_000, 50), (250, 9_999)])
def test_answer_fits_into_the_room_there_is(reader: FlaskClient, width: int, height: int) -> None:
    answer = ask(reader, maxwidth=width, maxheight=height)

    assert int(str(answer["width"])) <= width
    assert int(str(answer["height"])) <= height
    if "thumbnail_url" in answer:
        assert int(str(answer["thumbnail_width"])) <= width
        assert int(str(answer["thumbnail_height"])) <= height


def test_thumbnail_comes_whole_or_not_at_all(reader: FlaskClient) -> None:
    with_room, without = ask(reader), ask(reader, maxwidth=100)

    assert [name for name in sorted(with_room) if name.startswith("thumbnail")] == [
        "thumbnail_height",
        "thumbnail_url",
        "thumbnail_width",
    ]
    assert not [name for name in without if name.startswith("thumbnail")]


@pytest.mark.parametrize("given", ["x", "-1", "²", "0", "1e9", "9" * 500])
def test_nonsense_about_room_is_passed_over(reader: FlaskClient, given: str) -> None:
    assert int(str(ask(reader, maxwidth=given)["width"])) >= 1


def test_xml_says_the_same(reader: FlaskClient) -> None:
    answer = reader.get("/oembed", query_string={"url": TEE, "format": "xml"})

    fields = {child.tag: child.text for child in ET.fromstring(answer.data)}
    assert answer.mimetype == "text/xml"
    assert fields == {name: str(value) for name, value in ask(reader).items()}


def test_xml_is_whole_whatever_a_title_holds(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="odd", title="An\x0b odd\x01 \ufffe<tee> & 🏳️‍🌈")
    page = "http://localhost/products/odd"

    answer = reader.get("/oembed", query_string={"url": page, "format": "xml"})

    assert ET.fromstring(answer.data).findtext("title") == "An odd <tee> & 🏳️‍🌈"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"url": TEE, "format": "yaml"}, 501),
        ({}, 400),
        ({"url": ""}, 400),
        ({"url": "http://localhost/products/none"}, 404),
        ({"url": "http://localhost/cart"}, 404),
        ({"url": "http://localhost/"}, 404),
        ({"url": "http://evil.example/products/late-edition"}, 404),
        ({"url": "http://localhost@evil.example/products/late-edition"}, 404),
        ({"url": "javascript:alert(1)//localhost/products/late-edition"}, 404),
        ({"url": "http://[::1/products/x"}, 404),
        ({"url": TEE + "x" * 5000}, 404),
        ({"url": TEE + "%00"}, 404),
        ({"url": "http://localhost/collections/%00"}, 404),
    ],
)
def test_what_cannot_be_embedded_is_refused_by_the_book(
    reader: FlaskClient, query: dict[str, str], status: int
) -> None:
    assert reader.get("/oembed", query_string=query).status_code == status


def test_link_is_known_however_it_was_copied(shop: Shop) -> None:
    known = shop.services.settings

    for url in (TEE + "/", TEE + "?utm=1#top", TEE.replace("http:", "https:")):
        assert resource_at(url, known) == Resource("products", "late-edition")


@settings(max_examples=60)
@given(st.text())
def test_no_text_makes_an_address_stumble(text: str) -> None:
    known = some_settings(Path("/nowhere"), "sqlite://")
    for url in (text, f"http://localhost/products/{text}", f"http://{text}/products/x"):
        try:
            resource_at(url, known)
        except NotFoundError:
            continue


@pytest.mark.parametrize("path", ["/embed/products/late-edition", "/embed/collections/front-page"])
def test_document_may_be_framed_and_holds_no_state(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path)

    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    page = Page(answer)
    assert page.all("form") == []
    assert "Visit the Gay Nation store now" in page.text


def test_document_of_what_is_gone_says_so_in_its_frame(reader: FlaskClient) -> None:
    answer = reader.get("/embed/products/none")

    assert answer.status_code == 404
    assert "out of print" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/products/late-edition", "/collections/front-page"])
def test_pages_say_where_their_answer_is(reader: FlaskClient, path: str) -> None:
    page = Page(reader.get(path))

    for kind in ("application/json+oembed", "text/xml+oembed"):
        address = page.all("link", type=kind)[0]["href"].removeprefix("http://localhost")
        assert reader.get(address).status_code == 200
