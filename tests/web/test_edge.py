"""Promises about what is refused before any page is looked at."""

import pytest
from flask import request
from flask.testing import FlaskClient

from store.web.bodies import FORM, LARGEST_FORM_BYTES
from store.web.edge import host_name
from tests.web.conftest import Kiosk, OpenKiosk, a_room


@pytest.fixture
def kiosk(open_kiosk: OpenKiosk) -> Kiosk:
    room = a_room(
        {
            "GET /address": lambda: f"{request.url} {request.remote_addr}",
            "GET /things/<name>": lambda name: name,
            "POST /form": lambda: f"{len(request.form)} fields",
            "POST /raw": lambda: f"{len(request.get_data())} bytes",
        }
    )
    return open_kiosk(room, trusted_proxies="10.0.0.0/8", allowed_hosts="localhost,shop.example")


@pytest.fixture
def reader(kiosk: Kiosk) -> FlaskClient:
    return kiosk.browser()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "", "localhost:80:80", "localhost:http", "[", "é"],
)
def test_forged_host_is_refused_and_not_reflected(reader: FlaskClient, host: str) -> None:
    answer = reader.get("/address", environ_overrides={"HTTP_HOST": host})

    assert answer.status_code == 400
    assert answer.text == "Bad Request\n"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:5000", "shop.example.", "shop.example:443"]
)
def test_own_hosts_are_answered(reader: FlaskClient, host: str) -> None:
    assert reader.get("/address", environ_overrides={"HTTP_HOST": host}).status_code == 200


def test_probe_that_knows_no_name_may_ask_for_health(reader: FlaskClient) -> None:
    assert (
        reader.get("/healthz", environ_overrides={"HTTP_HOST": "10.1.2.3:8000"}).status_code == 200
    )


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "X"])
def test_methods_that_no_view_has_are_refused(reader: FlaskClient, method: str) -> None:
    answer = reader.open("/address", method=method)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_forwarded_headers_of_strangers_are_ignored(reader: FlaskClient) -> None:
    headers = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Host": "shop.example",
        "X-Forwarded-Proto": "https",
    }
    answer = reader.get("/address", headers=headers, environ_overrides={"REMOTE_ADDR": "8.8.8.8"})

    assert answer.text == "http://localhost/address 8.8.8.8"


def test_trusted_proxy_says_who_asks_and_how(reader: FlaskClient) -> None:
    headers = {"X-Forwarded-For": "6.6.6.6, 1.2.3.4, 10.0.0.9", "X-Forwarded-Proto": "https"}
    answer = reader.get("/address", headers=headers, environ_overrides={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.text == "https://localhost/address 1.2.3.4"


def test_host_that_a_trusted_proxy_passes_on_is_checked_too(reader: FlaskClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example"}
    answer = reader.get("/address", headers=headers, environ_overrides={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.status_code == 400


def test_very_long_address_is_refused(reader: FlaskClient) -> None:
    assert reader.get(f"/address?q={'x' * 100_000}").status_code == 414


@pytest.mark.parametrize("path", ["/things/%00", "/things/a%00b", "/../etc/passwd%00"])
def test_nul_in_a_path_is_not_found(reader: FlaskClient, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_nul_in_a_value_is_refused(reader: FlaskClient) -> None:
    assert reader.get("/address?q=%00").status_code == 400
    assert reader.post("/form", data={"note": "a\0b"}).status_code == 400


def test_form_of_ten_thousand_parts_is_refused(reader: FlaskClient) -> None:
    part = '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
    body = f"{part * 10_000}--b--\r\n".encode()
    answer = reader.post("/form", data=body, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 413


def test_form_of_ten_thousand_fields_is_refused(reader: FlaskClient) -> None:
    answer = reader.post("/form", data="id=1&" * 10_000, content_type=FORM)

    assert answer.status_code == 413


def test_nul_in_a_repeated_field_is_found(reader: FlaskClient) -> None:
    assert reader.post("/form", data="a=1&a=%00", content_type=FORM).status_code == 400


def test_form_that_is_too_large_is_refused(reader: FlaskClient) -> None:
    assert reader.post("/form", data={"note": "x" * (LARGEST_FORM_BYTES + 1)}).status_code == 413


def test_body_that_is_too_large_is_refused(reader: FlaskClient) -> None:
    answer = reader.post("/raw", data=b"x" * 3_000_000, content_type="application/json")

    assert answer.status_code == 413


def test_answers_have_a_request_id_of_their_own(kiosk: Kiosk) -> None:
    ids = {kiosk.browser().get("/nowhere").text for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Shop.Example:5000", "shop.example"),
        ("[::1]:5000", "::1"),
        ("[::1]", "::1"),
        ("shop.example:80x", ""),
        ("shop.example:", "shop.example"),
    ],
)
def test_host_name_is_read_without_its_port(given: str, name: str) -> None:
    assert host_name(given) == name


def test_form_that_comes_without_its_length_is_not_taken_for_an_empty_one(
    reader: FlaskClient,
) -> None:
    in_pieces = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    answer = reader.post("/form", data={"note": "words"}, environ_overrides=in_pieces)

    assert answer.status_code == 411
    assert reader.get("/address", environ_overrides=in_pieces).status_code == 200
