"""Promises about how failures are told: to readers, to machines, and to the log only."""

import json
from functools import partial

import pytest
from flask import abort
from flask.testing import FlaskClient
from flask.typing import RouteCallable
from sqlalchemy.exc import OperationalError

from store.errors import (
    ConflictError,
    InvalidError,
    LimitError,
    NotFoundError,
    StoreError,
    UnavailableError,
)
from tests.web.conftest import OpenKiosk, a_room


def raising(error: Exception) -> str:
    raise error


class OutOfInkError(ConflictError):
    """A failure of some room."""


@pytest.fixture
def reader(open_kiosk: OpenKiosk) -> FlaskClient:
    failures: dict[str, Exception] = {
        "missing": NotFoundError("no such thing: secret-sku"),
        "moved": OutOfInkError("secret-sku"),
        "invalid": InvalidError("secret-sku"),
        "often": LimitError("secret-sku"),
        "away": UnavailableError("secret-sku"),
        "bug": RuntimeError("secret-sku"),
        "other": StoreError("secret-sku"),
        "database": OperationalError("SELECT secret-sku", {}, Exception("locked")),
    }
    views: dict[str, RouteCallable] = {
        f"GET /{name}": partial(raising, error) for name, error in failures.items()
    }
    views["GET /teapot"] = lambda: abort(418)
    views["POST /webhooks/stripe"] = lambda: abort(400)
    return open_kiosk(a_room(views)).browser()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/missing", 404),
        ("/moved", 409),
        ("/invalid", 422),
        ("/often", 429),
        ("/away", 503),
        ("/database", 503),
        ("/bug", 500),
        ("/other", 500),
        ("/teapot", 418),
        ("/nowhere", 404),
    ],
)
def test_each_family_has_its_status_and_a_page(reader: FlaskClient, path: str, status: int) -> None:
    answer = reader.get(path)

    assert answer.status_code == status
    assert "<h1" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/missing", "/moved", "/bug", "/database", "/other"])
def test_readers_are_told_nothing_of_the_inside(reader: FlaskClient, path: str) -> None:
    page = reader.get(path).text

    assert "secret-sku" not in page
    assert "Traceback" not in page
    assert "Error" not in page


def test_reader_of_a_fault_gets_the_number_that_the_log_has(
    reader: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    page = reader.get("/bug").text
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    fault = next(entry for entry in entries if entry["event"] == "unexpected_error")

    assert fault["request_id"] in page
    assert "RuntimeError: secret-sku" in fault["exception"]


@pytest.mark.parametrize("path", ["/often", "/away", "/database"])
def test_who_may_try_again_is_told_when(reader: FlaskClient, path: str) -> None:
    assert int(reader.get(path).headers["Retry-After"]) > 0


def test_machine_gets_a_small_document(reader: FlaskClient) -> None:
    answer = reader.get("/moved", headers={"Accept": "application/json"})

    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == 409


def test_sender_of_webhooks_gets_a_document_whatever_it_accepts(reader: FlaskClient) -> None:
    answer = reader.post("/webhooks/stripe", headers={"Accept": "*/*"})

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_browser_gets_a_page(reader: FlaskClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    assert reader.get("/moved", headers={"Accept": accept}).mimetype == "text/html"


def test_wrong_method_names_the_right_ones(reader: FlaskClient) -> None:
    answer = reader.post("/missing")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
