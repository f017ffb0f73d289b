"""Promises about how often one network may do what costs."""

import socket

import pytest
from flask.testing import FlaskClient

from store.web.page_policy import cached_for
from tests.web.conftest import OpenKiosk, a_room

STRANGER = {"REMOTE_ADDR": "203.0.113.9"}
NEIGHBOUR = {"REMOTE_ADDR": "203.0.113.10"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@cached_for(60, parameters=("q",))
def listing() -> str:
    return "products"


def show_cart() -> str:
    return "cart"


def add_line() -> str:
    return "added"


def apply_code() -> str:
    return "applied"


def find_order() -> str:
    return "found"


def open_with(open_kiosk: OpenKiosk, **changed: object) -> FlaskClient:
    views = {
        "GET /products": listing,
        "GET /cart": show_cart,
        "POST /cart/lines": add_line,
        "POST /cart/discount": apply_code,
        "POST /orders/find": find_order,
    }
    return open_kiosk(a_room(views), **changed).browser()


@pytest.fixture
def reader(open_kiosk: OpenKiosk) -> FlaskClient:
    return open_with(open_kiosk)


def find(reader: FlaskClient, sender: dict[str, str], times: int) -> list[int]:
    return [
        reader.post("/orders/find", headers=SAME_ORIGIN, environ_overrides=sender).status_code
        for _ in range(times)
    ]


def test_who_asks_too_often_is_told_when_to_come_back(reader: FlaskClient) -> None:
    find(reader, STRANGER, 5)
    answer = reader.post("/orders/find", headers=SAME_ORIGIN, environ_overrides=STRANGER)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "<h1" in answer.text


def test_another_network_is_not_held_back(reader: FlaskClient) -> None:
    find(reader, STRANGER, 6)

    assert find(reader, NEIGHBOUR, 1) == [200]


def test_addresses_of_one_ipv6_network_share_a_budget(reader: FlaskClient) -> None:
    answers = [find(reader, {"REMOTE_ADDR": f"2001:db8:1:2::{n:x}"}, 1)[0] for n in range(6)]

    assert answers == [200] * 5 + [429]


def test_all_changes_of_a_cart_share_a_budget(reader: FlaskClient) -> None:
    paths = ["/cart/lines", "/cart/discount"] * 31
    answers = [
        reader.post(path, headers=SAME_ORIGIN, environ_overrides=STRANGER).status_code
        for path in paths
    ]

    assert answers == [200] * 60 + [429, 429]


def test_looking_at_a_cart_is_not_limited(reader: FlaskClient) -> None:
    answers = {reader.get("/cart", environ_overrides=STRANGER).status_code for _ in range(70)}

    assert answers == {200}


def test_searching_is_limited_and_browsing_is_not(reader: FlaskClient) -> None:
    searches = [
        reader.get(f"/products?q=word{n}", environ_overrides=STRANGER).status_code
        for n in range(61)
    ]

    assert searches == [200] * 60 + [429]
    assert reader.get("/products", environ_overrides=STRANGER).status_code == 200


def test_pages_from_memory_are_never_limited(reader: FlaskClient) -> None:
    answers = {
        reader.get("/products?q=tee", environ_overrides=STRANGER).status_code for _ in range(100)
    }

    assert answers == {200}


def test_this_machine_may_hurry_but_not_send_many_mails(reader: FlaskClient) -> None:
    changes = [reader.post("/cart/lines", headers=SAME_ORIGIN).status_code for _ in range(80)]

    assert set(changes) == {200}
    assert find(reader, {"REMOTE_ADDR": "127.0.0.1"}, 6)[-1] == 429


def test_shop_goes_on_and_says_so_when_redis_is_away(
    open_kiosk: OpenKiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    reader = open_with(open_kiosk, cache_url=f"redis://127.0.0.1:{port}/0")

    assert find(reader, STRANGER, 6) == [200] * 5 + [429]
    assert "Rate limit storage unreachable" in capsys.readouterr().err
