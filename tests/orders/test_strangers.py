"""What stands below an order is its reader's alone, whatever address a stranger makes up."""

import time
from collections.abc import Iterator
from itertools import islice, product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from store.database import db
from store.orders.models import OrderLookup
from store.orders.numbers import ALPHABET
from tests.buying import a_variant, mails
from tests.desk import bought
from tests.newsletter.test_scanners import everything_kept
from tests.orders.after_buying import FROM_OUR_PAGE, Reader, work
from tests.shop import Shop

BELOW = "/orders/<number>"
SECRETS = ("Galley Street", "robin@example.org", "Robin Reader")


def below_an_order(app: Flask, number: str) -> Iterator[tuple[str, str]]:
    """Yield each method and address that belongs to one order."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(BELOW):
            continue
        arguments: dict[str, object] = dict.fromkeys(rule.arguments, 1) | {"number": number}
        built = rule.build(arguments, append_unknown=False)
        assert built, rule.rule
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, str(built[1])


def test_no_address_below_an_order_opens_with_the_key_of_another(app: Flask, shop: Shop) -> None:
    variant_id = a_variant(shop)
    mine, theirs = bought(shop, variant_id), bought(shop, variant_id)
    owner, stranger = Reader(shop, theirs), Reader(shop, mine)
    addresses = list(below_an_order(app, theirs))
    before = everything_kept()

    opened = [
        (method, path, key)
        for method, path in addresses
        for key in (stranger.key, owner.key.swapcase(), "", "x", "²")
        for answer in [
            shop.browser().open(
                path, method=method, query_string={"key": key}, headers=FROM_OUR_PAGE
            )
        ]
        if answer.status_code != 404 or any(secret in answer.text for secret in SECRETS)
    ]

    assert opened == []
    assert everything_kept() == before
    assert len(addresses) >= 15
    assert owner.get().status_code == 200
    assert "Galley Street" in owner.get().text


@pytest.mark.slow
def test_a_thousand_numbers_nearby_open_nothing(app: Flask, shop: Shop) -> None:
    number = bought(shop, a_variant(shop))
    reader = Reader(shop, number)
    signs = sorted(set(ALPHABET))
    nearby = (number[:-3] + "".join(end) for end in product(signs, repeat=3))
    tried = list(islice((one for one in nearby if one != number), 1_000))
    stranger = shop.browser()

    answers = {
        answer.status_code
        for one in tried
        for key in (reader.key, "")
        for answer in [stranger.get(f"/orders/{one}", query_string={"key": key})]
    }

    assert (len(tried), answers) == (1_000, {404})


@pytest.mark.parametrize(
    "more",
    [
        {"number": "GN"},
        {"filter[email]": "robin@example.org"},
        {"email[]": "robin@example.org"},
        {"email[$ne]": "x"},
        {"customer_id": "1", "all": "1"},
        {"recipient": "robin@example.org", "key": "1"},
    ],
)
def test_what_a_question_adds_widens_no_answer(
    app: Flask, shop: Shop, reader: FlaskClient, more: dict[str, str]
) -> None:
    bought(shop, a_variant(shop))

    answer = reader.post(
        "/orders/find",
        query_string=more,
        data={"email": "nobody@example.org"} | more,
        headers=FROM_OUR_PAGE,
    )
    work(shop)

    assert answer.status_code == 303
    assert mails("orders.links") == []


def test_of_two_addresses_one_is_asked_about_and_mailed(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    bought(shop, a_variant(shop))
    both = MultiDict([("email", "nobody@example.org"), ("email", "robin@example.org")])

    reader.post("/orders/find", data=both, headers=FROM_OUR_PAGE)
    work(shop)

    assert db.session.scalar(select(func.count()).select_from(OrderLookup)) == 1
    assert mails("orders.links") == []


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 100_000,
        "@" * 100_000,
        "a@" + "a." * 50_000,
        "a@a" + ".a-" * 33_000,
        "a" * 50_000 + "@" + "b" * 50_000,
        "\t" * 100_000 + "@a.b",
        "a@" + "!." * 50_000,
        '"' * 50_000 + "@example.org",
    ],
    ids=range(8),
)
@pytest.mark.parametrize("path", ["/orders/find", "/newsletter"])
def test_an_address_without_end_costs_no_time(
    app: Flask, reader: FlaskClient, path: str, typed: str
) -> None:
    reader.get(path)
    began = time.process_time()

    answer = reader.post(path, data={"email": typed}, headers=FROM_OUR_PAGE)

    assert answer.status_code in {413, 422}
    assert time.process_time() - began < 1
