"""Promises of the whole shop to readers, while others ask in every way that nobody should."""

import gzip
from functools import partial
from random import Random
from string import printable
from urllib.parse import quote

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from store.catalog.saving import products_by_handle
from store.database import writing
from store.web.page_memory import ASKED_PAGES_BYTES, page_memory
from tests.builders import a_collection, a_product
from tests.shop import Shop

TEE = "/products/tee"
PAGES = ("/", "/products", "/collections/front", TEE)
PEER = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def filled(shop: Shop) -> Shop:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee", options={"Size": ["S", "M", "L"]})
        a_collection(shop.clock, [tee], handle="front")
    return shop


@pytest.fixture
def reader(filled: Shop) -> FlaskClient:
    return filled.browser()


def counted(shop: Shop, name: str) -> int:
    lines = shop.browser().get("/metrics").text.splitlines()
    return int(next(line for line in lines if line.startswith(f"store_memory_{name}")).split()[-1])


def variants_of_the_tee(shop: Shop) -> list[int]:
    with shop.app.app_context():
        return [variant.id for variant in products_by_handle(["tee"])["tee"].variants]


STRANGE_WORDS: list[dict[str, str]] = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "8443"},
    {"X-Forwarded-Prefix": "/evil"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Original-URL": "/evil", "X-Rewrite-URL": "/evil", "X-HTTP-Method-Override": "POST"},
    {"Host": "LOCALHOST.:8443"},
]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_that_a_stranger_says_gets_into_a_page(filled: Shop, path: str) -> None:
    page = filled.browser().get(path).data
    for said in STRANGE_WORDS:
        page_memory(filled.app).clear()
        first = filled.browser().get(path, headers=said, environ_overrides=PEER)

        assert first.data == filled.browser().get(path).data == page
    assert b"evil" not in page
    assert b"8443" not in page


@pytest.mark.parametrize("path", PAGES)
def test_forged_host_neither_fills_nor_reads_the_memory(filled: Shop, path: str) -> None:
    forged = filled.browser().get(path, headers={"Host": "evil.example"})

    assert forged.status_code == 400
    assert counted(filled, "pages") == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_thousand_unknown_parameters_are_one_page(filled: Shop, path: str) -> None:
    reader = filled.browser()
    tags = {reader.get(f"{path}?p{n}={n}&utm_{n}=x").headers["ETag"] for n in range(1_000)}
    tags.add(reader.get(path).headers["ETag"])

    assert len(tags) == 1
    assert counted(filled, "renderings") <= 1
    assert counted(filled, "pages") == 1


@pytest.mark.parametrize("path", PAGES)
def test_a_thousand_unknown_parameters_at_once_are_no_other_page(filled: Shop, path: str) -> None:
    reader = filled.browser()
    plain = reader.get(path)
    loaded = reader.get(f"{path}?" + "&".join(f"p{n}={n}" for n in range(900)))

    assert loaded.data == plain.data
    assert counted(filled, "misses") == 1


def test_made_up_variants_make_no_pages(filled: Shop) -> None:
    reader = filled.browser()
    plain = reader.get(TEE)
    asked = [*range(10_000, 10_300), "", "x", "0", "-1", "%20", "1e3", "²"]
    bodies = {reader.get(f"{TEE}?variant={number}").data for number in asked}

    assert bodies == {plain.data}
    assert counted(filled, "misses") == 1
    assert counted(filled, "pages") == 1


def test_made_up_variant_that_comes_first_renders_the_page_for_all(filled: Shop) -> None:
    reader = filled.browser()
    first = reader.get(f"{TEE}?variant=99999")

    assert reader.get(TEE).data == first.data
    assert counted(filled, "misses") == 1


def test_pages_that_a_list_has_not_are_kept_by_nobody(filled: Shop) -> None:
    reader = filled.browser()
    answers = [reader.get(f"/products?page={number}") for number in (*range(90, 190), "", "x")]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert counted(filled, "pages") == 0


def test_every_variant_that_there_is_has_a_page_of_its_own(filled: Shop) -> None:
    reader = filled.browser()
    plain = reader.get(TEE).data
    own = [reader.get(f"{TEE}?variant={number}").data for number in variants_of_the_tee(filled)]

    assert len({plain, *own}) == 3  # it opens with the first of them


def test_variant_given_twice_counts_once(filled: Shop) -> None:
    reader, (_, second, third) = filled.browser(), variants_of_the_tee(filled)
    wanted = reader.get(f"{TEE}?variant={second}").data
    pages = {reader.get(f"{TEE}?variant={second}&variant={n}").data for n in (third, "x", 7)}

    assert pages == {wanted}


@pytest.mark.slow
def test_who_makes_up_searches_pushes_out_no_product(filled: Shop) -> None:
    reader, chance = filled.browser(), Random(5)
    tag = reader.get(TEE).headers["ETag"]
    known = ("/products?q={}", "/products?page={}", "/products?sort={}", TEE + "?variant={}")
    for _ in range(120):
        address = chance.choice(known).format(chance.randrange(10**9))
        for _ in range(2):
            reader.get(address)
    again = reader.get(TEE)

    assert (again.headers["ETag"], "Age" in again.headers) == (tag, True)
    assert counted(filled, "bytes") < ASKED_PAGES_BYTES + 200_000


def held(etag: str, kind: str) -> str:
    """Return an If-None-Match as somebody may send it."""
    return {
        "strong": etag,
        "weak": f"W/{etag}",
        "any": "*",
        "many": ", ".join([f'"{n}"' for n in range(500)] + [f"W/{etag}"]),
        "wrong": '"0123456789abcdef01234567-br"',
        "unquoted": etag.strip('"'),
        "half quoted": etag[:-1],
        "lower weak": f"w/{etag}",
        "empty": "",
        "commas": ",,, ,",
        "10 kB": ", ".join(f'"{n:030}"' for n in range(300)),
        "10 kB of nothing": "x" * 10_000,
        "10 kB of quotes": '"' * 10_000,
    }[kind]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("strong", 304),
        ("weak", 304),
        ("any", 304),
        ("many", 304),
        ("wrong", 200),
        ("unquoted", 200),
        ("half quoted", 200),
        ("lower weak", 200),
        ("empty", 200),
        ("commas", 200),
        ("10 kB", 200),
        ("10 kB of nothing", 200),
        ("10 kB of quotes", 200),
    ],
)
def test_reader_is_told_that_nothing_changed_only_when_she_has_it(
    reader: FlaskClient, kind: str, status: int
) -> None:
    page = reader.get(TEE)
    again = reader.get(TEE, headers={"If-None-Match": held(page.headers["ETag"], kind)})

    assert again.status_code == status
    assert again.data == (page.data if status == 200 else b"")


def test_tag_of_one_encoding_is_not_taken_for_another(reader: FlaskClient) -> None:
    tag = reader.get(TEE, headers={"Accept-Encoding": "br"}).headers["ETag"]
    headers = {"Accept-Encoding": "gzip", "If-None-Match": tag}

    assert reader.get(TEE, headers=headers).status_code == 200


@pytest.mark.parametrize("since", ["Wed, 21 Oct 2099 07:28:00 GMT", "yesterday", "x" * 9_000])
def test_a_date_alone_never_says_unchanged(reader: FlaskClient, since: str) -> None:
    page = reader.get(TEE, headers={"If-Modified-Since": since})
    again = reader.get(TEE, headers={"If-Modified-Since": since})

    assert page.status_code == again.status_code == 200
    assert "Last-Modified" not in page.headers


def test_head_is_the_same_before_and_after_the_page_is_known(reader: FlaskClient) -> None:
    before, page, after = reader.head(TEE), reader.get(TEE), reader.head(TEE)
    moving = {"Age", "X-Request-Id", "Date"}
    lasting = [[pair for pair in r.headers if pair[0] not in moving] for r in (before, page, after)]

    assert before.data == after.data == b""
    assert lasting[0] == lasting[1] == lasting[2]


@pytest.mark.parametrize("path", ["/cart", "/products/nowhere", f"/products?q={'x' * 600}"])
def test_head_of_what_is_not_kept_has_no_body(reader: FlaskClient, path: str) -> None:
    page, head = reader.get(path), reader.head(path)

    assert (head.status_code, head.data) == (page.status_code, b"")


@pytest.mark.parametrize("path", PAGES)
def test_part_of_a_page_is_answered_with_all_of_it(reader: FlaskClient, path: str) -> None:
    whole = reader.get(path)
    for wanted in ("bytes=0-0", "bytes=-1", "bytes=0-,0-,0-", "bytes=99999999-", "x" * 9_000):
        answer = reader.get(path, headers={"Range": wanted, "If-Range": '"x"'})

        assert (answer.status_code, answer.data) == (200, whole.data)
        assert answer.headers.get("Accept-Ranges", "none") == "none"
        assert "Content-Range" not in answer.headers


@pytest.mark.parametrize(
    "accepted",
    [
        "identity;q=0",
        "*;q=0",
        "identity;q=0, *;q=0",
        "br;q=0, gzip;q=0",
        "br;q=",
        "gzip;q=nan",
        "br;q=-1",
        "gzip;;;q=1",
        ", , ,",
        "\x00",
        "é",
        "br" * 5_000,
        ",".join(f"x{n};q=0.{n}" for n in range(1_000)),
    ],
)
def test_strange_wishes_get_the_page_as_its_headers_say(reader: FlaskClient, accepted: str) -> None:
    plain = reader.get(TEE).data
    answer = reader.get(TEE, environ_overrides={"HTTP_ACCEPT_ENCODING": accepted})
    coding = answer.headers.get("Content-Encoding", "identity")
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}[coding]

    assert (answer.status_code, unpack(answer.data)) == (200, plain)


NO_QUERIES = (
    "q=%00",
    "%00",
    "%",
    "%%%",
    "q=%",
    "q=%ff%fe",
    "q=\xff",
    "\xff\xfe=\xff",
    "&&==&=",
    "+",
)


@pytest.mark.parametrize("path", [*PAGES, "/cart", "/newsletter", "/orders/find", "/oembed"])
def test_no_query_is_an_error_of_ours(reader: FlaskClient, path: str) -> None:
    for query in NO_QUERIES:
        answer = reader.get(path, environ_overrides={"QUERY_STRING": query})

        assert answer.status_code in {200, 400}, query


@pytest.mark.parametrize(
    "path",
    [
        "/products/" + "x" * 7_900,
        "/products/" + "é" * 2_000,
        "/products" + "/" * 7_000 + "tee",
        "/products/../" * 500,
        "/products/tee%2f..%2f" * 200,
        "/%ff%fe",
        "/products/%ff",
        "/products/tee%ff",
    ],
)
def test_no_path_is_an_error_of_ours_and_none_is_kept(filled: Shop, path: str) -> None:
    answer = filled.browser().get(path, follow_redirects=False)

    assert answer.status_code in {301, 308, 400, 404}
    assert counted(filled, "pages") == 0


def test_path_too_long_for_anybody_is_refused(reader: FlaskClient) -> None:
    assert reader.get("/products/" + "x" * 8_001).status_code == 414


PIECES = st.sampled_from(
    [
        *(
            "q",
            "sort",
            "page",
            "variant",
            "utm_source",
            "tee",
            "price",
            "1",
            "2",
            "=",
            "=",
            "&",
            "&",
        ),
        *("+", "%", "%2", "%26", "%3D", "%ff", "%C3%A9", "é", "\xff", ";", "#", "?", "[", "]", " "),
    ]
)
QUERIES = st.lists(PIECES, max_size=14).map("".join)


def rendered(shop: Shop, path: str, query: str) -> TestResponse:
    """Ask Flask itself, past every layer that is in front of it."""
    asked = {"QUERY_STRING": quote(query, safe=printable)}
    return Client(partial(Flask.wsgi_app, shop.app)).get(path, environ_overrides=asked)


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PAGES), query=QUERIES)
def test_memory_changes_no_page_whatever_is_asked(filled: Shop, path: str, query: str) -> None:
    asked = {"QUERY_STRING": query.encode().decode("latin-1")}
    remembered = [filled.browser().get(path, environ_overrides=asked) for _ in range(2)]
    without = rendered(filled, path, query)

    for answer in remembered:
        assert answer.status_code == without.status_code
        # A page that says what went wrong also says in which request.
        assert answer.data == without.data or without.status_code != 200
