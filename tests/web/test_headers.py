"""Promises about the policy that every answer carries, whoever gave it."""

from pathlib import Path

import pytest
from flask import Blueprint, Response, abort
from flask.testing import FlaskClient

from store.web.headers import Exposure, content_policy, exposure_of
from tests.shop import some_settings
from tests.web.conftest import Kiosk, OpenKiosk, a_room

ALWAYS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
)


def a_room_of_all_kinds() -> Blueprint:
    return a_room(
        {
            "GET /page": lambda: "a page",
            "GET /fails": lambda: str(1 // 0),
            "GET /refuses": lambda: abort(422),
            "GET /embed/products/tee": lambda: "a frame",
            "GET /media/ab/cd.webp": lambda: Response(b"picture", mimetype="image/webp"),
            "GET /media/ab/gone.webp": lambda: abort(404),
            "GET /widget/v1/card.json": lambda: {"products": []},
        }
    )


@pytest.fixture
def kiosk(open_kiosk: OpenKiosk) -> Kiosk:
    return open_kiosk(a_room_of_all_kinds())


@pytest.fixture
def reader(kiosk: Kiosk) -> FlaskClient:
    return kiosk.browser()


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


@pytest.mark.parametrize(
    "path", ["/page", "/fails", "/refuses", "/nowhere", "/healthz", "/robots.txt"]
)
def test_every_answer_carries_the_policy(reader: FlaskClient, path: str) -> None:
    headers = reader.get(path).headers

    assert [name for name in ALWAYS if name not in headers] == []
    assert "Server" not in headers


def test_refusals_of_the_outermost_layer_carry_it_too(reader: FlaskClient) -> None:
    refusals = [
        reader.open("/page", method="TRACE"),
        reader.get("/", headers={"Host": "evil.example"}),
    ]

    assert all(name in refusal.headers for refusal in refusals for name in ALWAYS)


def test_nothing_inline_and_nothing_foreign_may_run(reader: FlaskClient) -> None:
    policy = directives(reader.get("/page").headers["Content-Security-Policy"])

    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in str(policy)


def test_forms_may_lead_to_the_pay_page(reader: FlaskClient) -> None:
    policy = directives(reader.get("/page").headers["Content-Security-Policy"])

    assert policy["form-action"] == "'self' http://localhost:5001"


def test_only_embedded_documents_may_be_framed(reader: FlaskClient) -> None:
    framed = directives(reader.get("/embed/products/tee").headers["Content-Security-Policy"])
    other = directives(reader.get("/page").headers["Content-Security-Policy"])

    assert (framed["frame-ancestors"], other["frame-ancestors"]) == ("*", "'none'")


@pytest.mark.parametrize(
    "path", ["/page", "/nowhere", "/widget/v1/card.json", "/media/ab/gone.webp"]
)
def test_browsers_without_a_policy_frame_nothing_either(reader: FlaskClient, path: str) -> None:
    assert reader.get(path).headers["X-Frame-Options"] == "DENY"
    assert "X-Frame-Options" not in reader.get("/embed/products/tee").headers


@pytest.mark.parametrize("path", ["/media/ab/cd.webp", "/widget/v1/card.json"])
def test_pictures_and_widget_may_be_loaded_by_anybody(reader: FlaskClient, path: str) -> None:
    headers = reader.get(path).headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in headers


def test_files_carry_what_files_need_and_no_more(reader: FlaskClient) -> None:
    headers = reader.get("/media/ab/cd.webp").headers

    policy = headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert [name for name in ALWAYS if name not in headers] == [
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
    ]


def test_words_in_the_place_of_a_file_are_governed_as_a_page(reader: FlaskClient) -> None:
    gone = reader.get("/media/ab/gone.webp")

    assert gone.status_code == 404
    assert directives(gone.headers["Content-Security-Policy"])["style-src"] == "'self'"
    assert [name for name in ALWAYS if name not in gone.headers] == []


def test_pages_are_not_open_to_other_origins(reader: FlaskClient) -> None:
    headers = reader.get("/page", headers={"Origin": "https://evil.example"}).headers

    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/embed", "/embedded/x", "/products/media/x", "/staff/embed/x"]
)
def test_paths_that_merely_resemble_are_our_own(path: str) -> None:
    assert exposure_of(path) is Exposure.OWN


def test_transport_is_pinned_where_the_shop_is_on_https(
    open_kiosk: OpenKiosk, reader: FlaskClient
) -> None:
    secure = open_kiosk(a_room_of_all_kinds(), public_url="https://localhost").browser()

    assert secure.get("/page").headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "Strict-Transport-Security" not in reader.get("/page").headers


@pytest.mark.parametrize(
    ("reach", "stated"),
    [
        ("host", "max-age=63072000"),
        ("subdomains", "max-age=63072000; includeSubDomains"),
        ("preload", "max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_an_operator_says_how_far_transport_is_pinned(
    open_kiosk: OpenKiosk, reach: str, stated: str
) -> None:
    shop = open_kiosk(a_room_of_all_kinds(), public_url="https://localhost", hsts=reach)

    answers = [shop.browser().get(path) for path in ("/page", "/media/ab/cd.webp", "/nothing")]

    assert {answer.headers["Strict-Transport-Security"] for answer in answers} == {stated}


def test_pictures_of_an_object_store_may_be_shown(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "sqlite://", media_url="https://pictures.example/shop")

    assert "img-src 'self' data: https://pictures.example;" in content_policy(
        settings, Exposure.OWN
    )
