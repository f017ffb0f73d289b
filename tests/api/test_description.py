"""The description is what the code runs by: for machines as OpenAPI, for people as a page."""

from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from store.api.problems import KINDS
from tests.api.partner import Partner
from tests.buying import a_variant
from tests.desk import as_read, bought
from tests.shop import Shop


@pytest.fixture
def description(app: Flask, shop: Shop) -> dict[str, Any]:
    answer = shop.browser().get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    told: dict[str, Any] = answer.json or {}
    return told


def test_anybody_may_read_the_description(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    assert set(description["paths"]) == {
        "/orders",
        "/orders/{number}",
        "/orders/{number}/parcels",
        "/orders/{number}/parcels/{parcel_id}",
        "/orders/{number}/parcels/{parcel_id}/delivery",
        "/orders/{number}/parcels/{parcel_id}/tracking",
        "/stock",
        "/stock/adjustments",
        "/stock/counts",
    }


def test_every_schema_is_one(description: dict[str, Any]) -> None:
    for schema in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_what_is_told_fits_what_is_described(shop: Shop, description: dict[str, Any]) -> None:
    partner = Partner(shop)
    number = bought(shop, a_variant(shop, stock=3), quantity=2)
    partner.post(f"orders/{number}/parcels", {"tracking_number": "1Z5R89390357567127"})
    told = {
        "/orders": partner.get("orders", status="any").json,
        "/orders/{number}": partner.get(f"orders/{number}").json,
        "/stock": partner.get("stock").json,
    }

    for path, answer in told.items():
        content = description["paths"][path]["get"]["responses"]["200"]["content"]
        schema = content["application/json"]["schema"] | {"components": description["components"]}
        jsonschema_rs.Draft202012Validator(schema).validate(answer)


def test_every_operation_names_its_scope_and_its_refusals(description: dict[str, Any]) -> None:
    for methods in description["paths"].values():
        for one in methods.values():
            assert "scope" in one["description"]
            assert {"401", "403", "422", "429"} <= set(one["responses"])


def test_how_many_may_be_asked_for_is_described_as_it_binds(
    shop: Shop, description: dict[str, Any]
) -> None:
    partner = Partner(shop)
    for path in ("/orders", "/stock"):
        parameters = description["paths"][path]["get"]["parameters"]
        told = next(one["schema"] for one in parameters if one["name"] == "limit")

        answers = [partner.get(path[1:], limit=limit) for limit in (0, 1, 100, 101)]

        assert (told["minimum"], told["maximum"]) == (1, 100)
        assert [answer.status_code for answer in answers] == [422, 200, 200, 422]


def test_people_read_the_same_on_a_page(shop: Shop, description: dict[str, Any]) -> None:
    answer = shop.browser().get("/api/v1/")

    page = as_read(answer)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    for path, methods in description["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    for name in description["components"]["schemas"]:
        assert f'id="shape-{name}"' in answer.text
    # A refusal's type leads to its words.
    for kind in KINDS:
        assert f'id="{kind.name}"' in answer.text


def test_the_address_without_a_slash_leads_there(app: Flask, shop: Shop) -> None:
    answer = shop.browser().get("/api/v1")

    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/api/v1/")
