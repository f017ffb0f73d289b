"""Promises about what the log says, and what it never says."""

import json
import logging

import pytest
import structlog
from flask import abort, request
from flask.testing import FlaskClient

from store.web.logs import configure_logs, mask_text
from tests.web.conftest import OpenKiosk, a_room

ORDER = "GN-7K3Q-F2XW"


def entries(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def reader(open_kiosk: OpenKiosk) -> FlaskClient:
    return open_kiosk(
        a_room(
            {
                "GET /orders/<number>": lambda number: number,
                "GET /newsletter/confirm/<token>": lambda token: token,
                "GET /products/<handle>": lambda handle: handle,
                "GET /fails": lambda: abort(500, request.remote_addr),
            }
        )
    ).browser()


def test_request_is_one_entry(reader: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    reader.get("/products/late-edition-tee?q=secret")
    (entry,) = entries(capsys)

    assert entry["event"] == "request"
    assert (entry["method"], entry["path"]) == ("GET", "/products/late-edition-tee")
    assert entry["status"] == 200
    assert isinstance(entry["ms"], float)
    assert entry["request_id"]


@pytest.mark.parametrize(
    "address",
    [
        f"/orders/{ORDER}?key=k3y-0f-th1s-0rder",
        "/newsletter/confirm/k3y-0f-th1s-0rder",
        "/newsletter/confirn/k3y-0f-th1s-0rder",
        f"/order/{ORDER}",
    ],
)
def test_private_links_are_not_in_the_log(
    reader: FlaskClient, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    reader.get(address)
    written = capsys.readouterr().err

    assert written
    assert "k3y-0f-th1s-0rder" not in written
    assert ORDER not in written


def test_address_of_a_reader_is_not_in_the_log(
    reader: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.get("/fails", environ_overrides={"REMOTE_ADDR": "203.0.113.77"})

    assert "203.0.113.77" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "write to ada@example.org now",
        "<ada.lovelace+shop@mail.example.co.uk>",
        "sk_live_51abcDEF",
        "whsec_abcdef123",
        "GET /orders/x?key=abcdef123",
        "http://x/y?a=b&token=abcdef123&c=d",
        "from 203.0.113.9:4242",
        "from 2001:db8::1",
        "from 2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    ],
)
def test_text_is_masked_wherever_it_comes_from(text: str) -> None:
    masked = mask_text(text)

    assert masked != text
    # pragma: allowlist nextline secret - parts of what is masked
    assert not any(secret in masked for secret in ("ada", "51abc", "abcdef123", "113.9", "db8"))


@pytest.mark.parametrize(
    "text",
    ["12 new, 3 changed", "2026-11-22T10:11:12", "127.0.0.1:5000", "store.web.edge", "tests::x"],
)
def test_plain_text_is_left_alone(text: str) -> None:
    assert mask_text(text) == text


def test_values_with_telling_names_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger().info("mail", recipient="Ada", reset_token="abc", order={"email": "x"})
    (entry,) = entries(capsys)

    assert (entry["recipient"], entry["reset_token"]) == ("[masked]", "[masked]")
    assert entry["order"] == {"email": "[masked]"}


def test_tracebacks_are_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    try:
        int("ada@example.org")
    except ValueError:
        structlog.get_logger().exception("failed")
    (entry,) = entries(capsys)

    assert "ada@example.org" not in str(entry["exception"])
    assert "ValueError: invalid literal" in str(entry["exception"])


def test_entries_of_libraries_are_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    logging.getLogger("some.library").warning("no answer from %s", "ada@example.org")
    (entry,) = entries(capsys)

    assert (entry["event"], entry["level"]) == ("no answer from [e-mail]", "warning")


def test_masking_a_hostile_text_takes_no_time() -> None:
    masked = mask_text("a" * 100_000 + "@" + "1." * 50_000 + ":" * 50_000)

    assert masked
