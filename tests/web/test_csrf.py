"""Promises about posts that other sites cause."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from store.web.csrf import EXEMPT, Sender, is_forged
from tests.shop import Shop
from tests.web.conftest import OpenKiosk, a_room

OURS = frozenset({"http://localhost"})
OUR_COOKIES = frozenset({"cart", "staff"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

senders = st.builds(
    Sender,
    fetch_site=st.sampled_from(["", "same-origin", "none", "same-site", "cross-site", "nonsense"]),
    origin=st.sampled_from(
        ["", "null", "http://localhost", "http://localhost:5002", "https://evil.example"]
    ),
    cookies=st.lists(st.sampled_from(["cart", "staff", "theirs"]), max_size=3),
)


@given(senders)
def test_what_the_browser_says_of_the_site_decides_alone(sender: Sender) -> None:
    if sender.fetch_site:
        passes = sender.fetch_site in {"same-origin", "none"}
        assert is_forged(sender, OURS, OUR_COOKIES) is not passes


@given(senders)
def test_without_it_the_origin_decides(sender: Sender) -> None:
    if not sender.fetch_site and sender.origin:
        assert is_forged(sender, OURS, OUR_COOKIES) is (sender.origin not in OURS)


@given(senders)
def test_with_neither_only_strangers_pass(sender: Sender) -> None:
    if not sender.fetch_site and not sender.origin:
        speaks_for_somebody = bool(OUR_COOKIES & set(sender.cookies))
        assert is_forged(sender, OURS, OUR_COOKIES) is speaks_for_somebody


@pytest.fixture
def reader(open_kiosk: OpenKiosk) -> FlaskClient:
    room = a_room(
        {
            "GET /cart": lambda: "cart",
            "POST /cart/lines": lambda: "added",
            "POST /webhooks/stripe": lambda: "received",
        }
    )
    # Without a jar of its own the client sends the Cookie header that a test gives.
    return open_kiosk(room).app.test_client(use_cookies=False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "http://localhost:5002"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Cookie": "cart=token"},
    ],
)
def test_forged_post_is_refused(reader: FlaskClient, headers: dict[str, str]) -> None:
    assert reader.post("/cart/lines", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null", "Cookie": "cart=token"},
        {"Origin": "http://localhost", "Cookie": "cart=token"},
        {},
        {"Cookie": "theirs=1"},
    ],
)
def test_own_post_passes(reader: FlaskClient, headers: dict[str, str]) -> None:
    assert reader.post("/cart/lines", headers=headers).status_code == 200


def test_reading_is_nobodys_forgery(reader: FlaskClient) -> None:
    assert reader.get("/cart", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_webhook_is_exempt(reader: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://stripe.com"}

    assert reader.post("/webhooks/stripe", headers=headers).status_code == 200


def test_every_route_that_changes_something_refuses_other_sites(shop: Shop) -> None:
    answers = {
        f"{method} {path}": shop.browser()
        .open(path, method=method, headers={"Sec-Fetch-Site": "cross-site"})
        .status_code
        for method, path in _changing_addresses(shop.app)
    }

    assert {address for address, status in answers.items() if status != 403} == set()


def test_every_exemption_states_its_reason() -> None:
    assert all(reason.strip() for reason in EXEMPT.values())


def _changing_addresses(app: Flask) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.rule in EXEMPT:
            continue
        for method in UNSAFE & (rule.methods or set()):
            # A number serves every converter that the store's addresses use.
            arguments = dict.fromkeys(rule.arguments, 1)
            yield method, adapter.build(rule.endpoint, arguments, method=method)
