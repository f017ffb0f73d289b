"""What a partner reads of orders and says of parcels, and what she never learns."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from store.connections.models import Scope
from store.database import db
from tests.api.partner import Partner
from tests.beginning import Beginning
from tests.buying import a_variant, mails
from tests.desk import Desk, bought, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop

UPS = "1Z5R89390357567127"


@pytest.fixture
def tee(app: Flask, begin: Beginning) -> int:
    return begin(_nine_tees)


@pytest.fixture
def order(begin: Beginning, tee: int) -> str:
    return begin(_three, tee)


def _nine_tees(shop: Shop) -> int:
    return a_variant(shop, stock=9)


def _three(shop: Shop, tee: int) -> str:
    return bought(shop, tee, quantity=3)


@pytest.fixture
def partner(shop: Shop) -> Partner:
    return Partner(shop)


def test_an_order_says_what_the_slip_says_and_no_more(partner: Partner, order: str) -> None:
    told = partner.get(f"orders/{order}").json

    assert told is not None
    assert told["status"] == "to_ship"
    assert told["ship_to"] == {
        "name": "Robin Reader",
        "line1": "12 Galley Street",
        "line2": "",
        "city": "Newtown",
        "state": "NSW",
        "postal_code": "2042",
        "country": "AU",
    }
    assert [(line["quantity"], line["to_ship"]) for line in told["lines"]] == [(3, 3)]
    text = json.dumps(told)
    for secret in ("robin@", "4242", "key=", "secret", "phone", "price", "total", "paid"):
        assert secret not in text


def test_once_everything_has_left_no_address_is_told(partner: Partner, order: str) -> None:
    partner.post(f"orders/{order}/parcels", {"tracking_number": UPS})

    told = partner.get(f"orders/{order}").json or {}

    assert told["status"] == "shipped"
    assert told["ship_to"] is None
    assert "Galley" not in json.dumps(told)


def test_a_parcel_leaves_with_its_trace_and_the_mail(
    shop: Shop, partner: Partner, order: str
) -> None:
    answer = partner.post(f"orders/{order}/parcels", {"tracking_number": UPS})

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["carrier"] == "UPS"
    assert answer.json["tracking_url"].endswith(UPS)
    assert answer.json["tracking_warning"] is None
    assert [mail.recipient for mail in mails("orders.shipped")] == ["robin@example.org"]
    trace = traces(order)[0]
    assert trace.act == "order.shipped"
    assert trace.actor_name.startswith("Warehouse (API store_")
    assert "Warehouse (API store_" in Desk(shop).text(order)
    assert_invariants(shop.sandbox)


def test_an_order_may_leave_in_parts(shop: Shop, partner: Partner, order: str) -> None:
    line, sku = the(order).lines[0].id, the(order).lines[0].sku
    part = {"line_id": line, "quantity": 1}

    partner.post(f"orders/{order}/parcels", {"lines": [part, part], "carrier": "Bicycle"})

    told = partner.get(f"orders/{order}").json or {}
    assert told["status"] == "partly_shipped"
    assert told["lines"][0]["to_ship"] == 1
    assert told["parcels"][0]["lines"] == [{"line_id": line, "sku": sku, "quantity": 2}]
    too_much = {"lines": [{"line_id": line, "quantity": 2}]}
    assert partner.post(f"orders/{order}/parcels", too_much).status_code == 409
    unknown = {"lines": [{"line_id": line + 99, "quantity": 1}]}
    assert partner.post(f"orders/{order}/parcels", unknown).status_code == 409
    assert_invariants(shop.sandbox)


def test_a_repeated_request_makes_one_parcel(shop: Shop, partner: Partner, order: str) -> None:
    line = the(order).lines[0].id
    body = {"lines": [{"line_id": line, "quantity": 1}]}

    first = partner.post(f"orders/{order}/parcels", body, key="once")
    again = partner.post(f"orders/{order}/parcels", body, key="once")

    assert first.data == again.data
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(the(order).fulfilments) == 1
    other = {"lines": [{"line_id": line, "quantity": 2}]}
    refused = partner.post(f"orders/{order}/parcels", other, key="once")
    assert refused.status_code == 422
    assert "key-used" in (refused.json or {})["type"]
    # A key is a token's own.
    assert Partner(shop).post(f"orders/{order}/parcels", body, key="once").status_code == 201
    assert len(the(order).fulfilments) == 2


@pytest.mark.slow
def test_requests_of_one_key_at_one_moment_make_one_parcel(
    shop: Shop, partner: Partner, order: str
) -> None:
    body = {"lines": [{"line_id": the(order).lines[0].id, "quantity": 1}]}
    db.session.rollback()

    def ask(_turn: int) -> bytes:
        return bytes(partner.post(f"orders/{order}/parcels", body, key="once").data)

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))

    assert len(answers) == 1
    assert len(the(order).fulfilments) == 1
    assert_invariants(shop.sandbox)


def test_what_was_refused_is_not_remembered(partner: Partner, order: str) -> None:
    line = the(order).lines[0].id
    body = {"lines": [{"line_id": line, "quantity": 4}]}
    assert partner.post(f"orders/{order}/parcels", body, key="k").status_code == 409

    body = {"lines": [{"line_id": line, "quantity": 3}]}

    assert partner.post(f"orders/{order}/parcels", body, key="k").status_code == 201


def test_a_wrong_number_is_kept_with_a_warning_and_can_be_corrected(
    partner: Partner, order: str
) -> None:
    made = partner.post(f"orders/{order}/parcels", {"tracking_number": UPS[:-1] + "8"}).json or {}
    assert "does not add up" in made["tracking_warning"]

    body = {"tracking_number": UPS, "notify_reader": True}
    told = partner.post(f"orders/{order}/parcels/{made['id']}/tracking", body).json or {}

    assert told["tracking_number"] == UPS
    assert told["tracking_warning"] is None
    assert len(mails("orders.tracking")) == 1


def test_a_parcel_arrives_once_however_often_it_is_said(partner: Partner, order: str) -> None:
    made = partner.post(f"orders/{order}/parcels", {}).json or {}
    path = f"orders/{order}/parcels/{made['id']}"

    first, again = partner.post(f"{path}/delivery"), partner.post(f"{path}/delivery", {})

    assert first.status_code == again.status_code == 200
    assert first.json == again.json == partner.get(path).json
    assert (first.json or {})["delivered_at"]
    assert len(mails("orders.delivered")) == 1


def test_orders_are_listed_part_by_part(shop: Shop, partner: Partner, tee: int) -> None:
    numbers = [bought(shop, tee) for _ in range(3)]

    first = partner.get("orders", limit=2).json or {}
    rest = partner.get("orders", limit=2, cursor=first["next_cursor"]).json or {}

    assert [o["number"] for o in first["orders"] + rest["orders"]] == numbers
    assert rest["next_cursor"] is None


def test_only_what_changed_since_is_listed(shop: Shop, partner: Partner, tee: int) -> None:
    first, second = bought(shop, tee), bought(shop, tee)
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    since = shop.clock.now().isoformat()
    assert (partner.get("orders", updated_since=since).json or {})["orders"] == []

    partner.post(f"orders/{first}/parcels", {})

    listed = partner.get("orders", updated_since=since, status="any").json or {}
    assert [o["number"] for o in listed["orders"]] == [first]
    waiting = partner.get("orders").json or {}
    assert [o["number"] for o in waiting["orders"]] == [second]


@pytest.mark.parametrize("status", ["any", "to_ship"])
def test_what_changed_is_listed_part_by_part_to_the_last(
    shop: Shop, partner: Partner, tee: int, status: str
) -> None:
    before = bought(shop, tee)
    shop.clock.move_to(shop.clock.now() + timedelta(hours=2))
    since = (shop.clock.now() - timedelta(hours=1)).isoformat()
    changed = [bought(shop, tee) for _ in range(3)]
    asked: dict[str, object] = {"updated_since": since, "status": status, "limit": 1}

    found = list[str]()
    while asked:
        told = partner.get("orders", **asked).json or {}
        found += [order["number"] for order in told["orders"]]
        asked = asked | {"cursor": told["next_cursor"]} if told["next_cursor"] else {}

    assert found == changed
    assert before not in found


def test_an_order_that_is_not_paid_is_nobodys(shop: Shop, partner: Partner, tee: int) -> None:
    from tests.buying import check_out, fill_cart, session_of
    from tests.desk import number_of

    reader = shop.browser()
    fill_cart(reader, tee)
    number = number_of(shop, session_of(check_out(reader)))

    assert partner.get(f"orders/{number}").status_code == 404
    assert partner.post(f"orders/{number}/parcels", {}).status_code == 404
    assert (partner.get("orders", status="any").json or {})["orders"] == []


def test_a_token_does_what_its_scopes_say(shop: Shop, order: str) -> None:
    reader, packer = Partner(shop, Scope.READ_ORDERS), Partner(shop, Scope.WRITE_PARCELS)

    assert reader.get(f"orders/{order}").status_code == 200
    assert reader.post(f"orders/{order}/parcels", {}).status_code == 403
    assert reader.get("stock").status_code == 403
    assert packer.get(f"orders/{order}").status_code == 403
    assert packer.post(f"orders/{order}/parcels", {}).status_code == 201
