"""What splits a page in the memory and what does not: parameters, encodings, methods."""

import brotli
from flask.testing import FlaskClient

from tests.web.page_memory.newsroom import Newsroom


def test_unknown_parameters_neither_split_nor_fill_a_page(
    reader: FlaskClient, newsroom: Newsroom
) -> None:
    addresses = ["/front", "/front?utm_source=mail", "/front?fbclid=1&utm_source=x"]

    assert len({reader.get(address).data for address in addresses}) == 1
    assert newsroom.rendered == 1


def test_known_parameters_make_one_page_in_any_order(
    reader: FlaskClient, newsroom: Newsroom
) -> None:
    addresses = ["/search?q=tee&page=2", "/search?page=2&q=tee&utm_id=7", "/search?q=%74ee&page=2"]
    bodies = [reader.get(address).data for address in [addresses[0], *addresses]]

    assert newsroom.rendered == 2
    assert len(set(bodies[1:])) == 1
    assert b"utm_id" not in bodies[-1]


def test_page_with_parameters_is_kept_on_second_sight(
    reader: FlaskClient, newsroom: Newsroom
) -> None:
    for _ in range(4):
        reader.get("/search?q=tee")

    assert newsroom.rendered == 2


def test_very_long_query_is_answered_and_not_kept(reader: FlaskClient, newsroom: Newsroom) -> None:
    address = f"/search?q={'x' * 3000}"

    assert reader.get(address).status_code == reader.get(address).status_code == 200
    assert newsroom.rendered == 2


def test_brotli_reader_gets_the_page_ready_compressed(reader: FlaskClient) -> None:
    plain = reader.get("/front")
    page = reader.get("/front", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})

    assert page.headers["Content-Encoding"] == "br"
    assert brotli.decompress(page.data) == plain.data
    assert int(page.headers["Content-Length"]) == len(page.data) < len(plain.data)


def test_reader_who_has_the_page_is_told_so(reader: FlaskClient) -> None:
    page = reader.get("/front", headers={"Accept-Encoding": "br"})
    tag = page.headers["ETag"]
    again = reader.get("/front", headers={"Accept-Encoding": "br", "If-None-Match": f"W/{tag}"})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Content-Security-Policy" in again.headers
    assert "Content-Length" not in again.headers


def test_each_encoding_has_a_tag_of_its_own(reader: FlaskClient) -> None:
    tags = {
        reader.get("/front", headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("br", "gzip", "identity")
    }

    assert len(tags) == 3


def test_head_has_the_headers_of_the_page_and_no_body(reader: FlaskClient) -> None:
    page, head = reader.get("/front"), reader.head("/front")

    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(page.data))


def test_head_alone_fills_the_memory(reader: FlaskClient, newsroom: Newsroom) -> None:
    reader.head("/front")
    reader.get("/front")

    assert newsroom.rendered == 1
