"""What is refused, and in which words: always a problem document, never a page, never a 500."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from store.api.opening import RATE
from store.connections.tokens import revoke_token, token_of
from store.database import db, writing
from tests.api.partner import Partner
from tests.buying import a_variant
from tests.desk import bought
from tests.shop import Shop


@pytest.fixture
def partner(app: Flask, shop: Shop) -> Partner:
    return Partner(shop)


def _assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    told: dict[str, Any] = answer.json
    return told


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer store_x", "Basic eDp5", "Bearer \u00e9", "Bearer " + "x" * 5000],
)
def test_nobody_comes_in_without_a_token_that_counts(shop: Shop, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}

    answer = shop.browser().get("/api/v1/orders", headers=headers)

    _assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_by_its_day_and_by_hand(shop: Shop, partner: Partner) -> None:
    passing = Partner(shop, expires_at=shop.clock.now() + timedelta(days=1))
    assert passing.get("orders").status_code == 200
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    _assert_problem(passing.get("orders"), 401)

    with writing():
        assert revoke_token(token_of(partner.token_id), shop.clock)

    _assert_problem(partner.get("orders"), 401)


def test_it_is_known_when_a_token_was_used(shop: Shop, partner: Partner) -> None:
    assert token_of(partner.token_id).last_used_at is None

    partner.get("orders")

    db.session.rollback()
    db.session.expire_all()
    assert token_of(partner.token_id).last_used_at == shop.clock.now()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 400),
        ("\xff\xfe", "application/json", 400),
        ('"\\ud800"', "application/json", 400),
        ("[" * 5_000, "application/json", 400),
        ("[]", "application/json", 422),
        ("null", "application/json", 422),
        ('{"colour": "red"}', "application/json", 422),
        ('{"carrier": 5}', "application/json", 422),
        ('{"carrier": "a\\u0000b"}', "application/json", 422),
        ('{"carrier": "' + "x" * 81 + '"}', "application/json", 422),
        ('{"lines": []}', "application/json", 422),
        ('{"lines": [{"line_id": 1, "quantity": 0}]}', "application/json", 422),
        ('{"lines": [{"line_id": 1, "quantity": "1"}]}', "application/json", 422),
        ('{"lines": [{"line_id": 1, "quantity": true}]}', "application/json", 422),
        ('{"lines": [{"line_id": 99999999999999, "quantity": 1}]}', "application/json", 422),
        ("carrier=UPS", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
        ("x" * 1024 * 1024, "application/json", 413),
        ('{"carrier": "' + "x" * 70_000 + '"}', "application/json", 413),
    ],
)
def test_a_body_that_is_wrong_is_said_to_be(
    shop: Shop, partner: Partner, body: str, kind: str, status: int
) -> None:
    number = bought(shop, a_variant(shop, stock=3))

    answer = partner.post(f"orders/{number}/parcels", data=body, content_type=kind)

    _assert_problem(answer, status)


def test_a_body_that_comes_without_its_length_is_said_to_be_unread(
    shop: Shop, partner: Partner
) -> None:
    number = bought(shop, a_variant(shop, stock=3))

    answer = partner.post(
        f"orders/{number}/parcels",
        data="{}",
        content_type="application/json",
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""},
    )

    _assert_problem(answer, 411)


def test_each_wrong_value_is_named_and_not_repeated(shop: Shop, partner: Partner) -> None:
    body = {"lines": [{"line_id": 1, "quantity": 0}], "what": "a secret"}

    told = _assert_problem(partner.post("orders/GN-AAAA-BBBB/parcels", body), 422)

    assert [fault["pointer"] for fault in told["errors"]] == ["#/lines/0/quantity", "#/what"]
    assert "a secret" not in str(told)


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "5.0"},
        {"limit": ["1", "2"]},
        {"cursor": "x"},
        {"cursor": "9" * 40},
        {"updated_since": "1700000000"},
        {"updated_since": "2026-11-26"},
        {"updated_since": "2026-11-26T04:30:00"},
        {"status": "all"},
        {"colour": "red"},
    ],
)
def test_a_parameter_that_is_wrong_is_said_to_be(partner: Partner, asked: dict[str, Any]) -> None:
    _assert_problem(partner.get("orders", **asked), 422)


def test_what_no_database_keeps_is_refused(partner: Partner) -> None:
    _assert_problem(partner.get("orders/%00"), 404)
    _assert_problem(partner.get("stock", sku="a\0b"), 400)
    _assert_problem(partner.get("orders/GN-AAAA-BBBB", colour="red"), 422)


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e9", "two words", "tab\there"])
def test_a_parcel_wants_a_key_that_can_be_kept(shop: Shop, partner: Partner, key: str) -> None:
    headers = {"Authorization": f"Bearer {partner.key}", "Idempotency-Key": key}

    answer = shop.browser().post("/api/v1/orders/GN-AAAA-BBBB/parcels", json={}, headers=headers)

    _assert_problem(answer, 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/v2/orders", 404),
        ("GET", "/api", 404),
        ("GET", "/api/v1/orders/GN-AAAA-BBBB/parcels/99999999999", 404),
        ("POST", "/api/v1/orders", 405),
        ("GET", "/api/v1/stock/counts", 405),
        ("DELETE", "/api/v1/orders", 405),
        ("GET", "/api/v1/" + "x" * 9_000, 414),
    ],
)
def test_what_is_not_there_is_a_document_as_well(
    shop: Shop, partner: Partner, method: str, path: str, status: int
) -> None:
    headers = {"Authorization": f"Bearer {partner.key}"}

    answer = shop.browser().open(path, method=method, headers=headers)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_token_has_so_many_requests_and_is_told(shop: Shop, partner: Partner) -> None:
    most = int(RATE.split(" ")[0])
    answer = partner.get("stock")
    assert answer.headers["RateLimit-Policy"] == f'"token";q={most};w=60'
    assert answer.headers["RateLimit"] == f'"token";r={most - 1};t=60'
    for _ in range(most - 1):
        answer = partner.get("stock")
    assert answer.status_code == 200

    answer = partner.get("stock")

    _assert_problem(answer, 429)
    assert answer.headers["Retry-After"] == "60"
    assert Partner(shop).get("stock").status_code == 200


def test_a_page_of_another_site_opens_nothing(shop: Shop, partner: Partner) -> None:
    browser = shop.browser()
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"}

    answer = browser.post("/api/v1/stock/counts", json={}, headers=headers)

    _assert_problem(answer, 401)
    assert "Access-Control-Allow-Origin" not in answer.headers
