"""Who may read an order, and what asking for its link tells."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.outbox import due_row_ids, run_row
from store.orders.links import order_path
from store.orders.models import Order, OrderLookup
from store.orders.tasks import handlers
from tests.buying import (
    a_variant,
    buy,
    check_out,
    fill_cart,
    mails,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop


@pytest.fixture
def link(app: Flask, shop: Shop, reader: FlaskClient) -> str:
    thanks(reader, buy(shop, reader, a_variant(shop)))
    return order_path(the_order(), shop.services.settings)


def test_signed_link_opens_the_order_for_anybody_who_has_it(shop: Shop, link: str) -> None:
    page = shop.browser().get(link)

    assert page.status_code == 200
    assert "1 Oxford Street" in page.text
    assert "$53.95" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.partition("?")[0],
        lambda link: link.partition("=")[0] + "=",
        lambda link: link + "&key=" + link.partition("=")[2],
        lambda link: link.replace("?key=", "?key[]="),
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link[:-1],
        lambda link: link + "A",
        lambda link: link.partition("=")[0] + "=é",
        lambda link: link.lower(),
        lambda link: link.replace("/orders/", "/orders/GN-0000-0000/../"),
    ],
)
def test_any_other_key_is_a_404_that_tells_nothing(
    shop: Shop, link: str, change: Callable[[str], str]
) -> None:
    page = shop.browser().get(change(link))

    assert page.status_code == 404
    assert "Oxford" not in page.text


def test_key_of_one_order_does_not_open_another(shop: Shop, reader: FlaskClient, link: str) -> None:
    second = shop.browser()
    thanks(second, buy(shop, second, a_variant(shop)))
    numbers = db.session.scalars(select(Order.number)).all()
    key = link.partition("?key=")[2]

    answers = [shop.browser().get(f"/orders/{n}?key={key}").status_code for n in numbers]

    assert sorted(answers) == [200, 404]


def test_thousand_neighbours_of_a_number_are_not_found(shop: Shop, link: str) -> None:
    client, key = shop.browser(), link.partition("?key=")[2]
    number = the_order().number

    # pragma: allowlist nextline secret - the signs of which numbers are made
    for letter in "234679CDFGHJKMNPQRTVWXYZ":
        neighbour = number[:-1] + letter
        if neighbour != number:
            assert client.get(f"/orders/{neighbour}?key={key}").status_code == 404


def test_changed_secret_revokes_the_link(shop: Shop, link: str) -> None:
    the_order_id = the_order().id
    with writing():
        db.session.get_one(Order, the_order_id).secret = "another"

    assert shop.browser().get(link).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?session_id=", "?session_id=a&session_id=b", "?session_id=é"]
)
def test_thanks_page_without_one_session_is_not_found(
    app: Flask, reader: FlaskClient, query: str
) -> None:
    assert reader.get(f"/checkout/thanks{query}").status_code == 404


def test_thanks_page_of_an_unknown_session_is_not_found(app: Flask, reader: FlaskClient) -> None:
    assert reader.get("/checkout/thanks?session_id=cs_test_" + "a" * 60).status_code == 404


def test_thanks_page_shows_a_stranger_neither_address_nor_link(shop: Shop, link: str) -> None:
    session_id = the_order().session_id

    page = shop.browser().get(f"/checkout/thanks?session_id={session_id}")

    assert page.status_code == 200
    assert "Oxford" not in page.text
    assert "key=" not in page.text
    assert "robin@example.org" not in page.text


def test_thanks_page_leads_its_reader_to_the_order(
    shop: Shop, reader: FlaskClient, link: str
) -> None:
    page = reader.get(f"/checkout/thanks?session_id={the_order().session_id}")

    assert link.replace("&", "&amp;") in page.text


def _run_jobs(shop: Shop) -> None:
    db.session.rollback()
    for row_id in due_row_ids(shop.clock.now()):
        if db.session.get_one(OutboxRow, row_id).kind.startswith("orders."):
            run_row(row_id, handlers(shop.services), shop.clock)
    db.session.rollback()


def test_asking_with_the_right_address_mails_the_link(
    shop: Shop, reader: FlaskClient, link: str
) -> None:
    answer = post(reader, "/orders/find", email="Robin@Example.org ")

    _run_jobs(shop)

    assert answer.headers["Location"] == "/orders/find?asked=1"
    (mail,) = mails("orders.links")
    assert mail.recipient == "Robin@example.org"
    assert link in mail.text


def test_hit_and_miss_answer_the_same(shop: Shop, reader: FlaskClient, link: str) -> None:
    hit = post(reader, "/orders/find", email="robin@example.org")
    miss = post(reader, "/orders/find", email="nobody@example.org")

    _run_jobs(shop)

    assert (hit.status_code, hit.headers["Location"], hit.data) == (
        miss.status_code,
        miss.headers["Location"],
        miss.data,
    )
    assert [mail.recipient for mail in mails("orders.links")] == ["robin@example.org"]
    assert_invariants(shop.sandbox)


def test_one_address_gets_few_mails_an_hour(shop: Shop, reader: FlaskClient, link: str) -> None:
    for _ in range(5):
        post(reader, "/orders/find", email="robin@example.org")

    _run_jobs(shop)

    assert len(mails("orders.links")) == 3
    assert len(db.session.scalars(select(OrderLookup)).all()) == 5


@pytest.mark.parametrize(
    "email",
    ["", "robin", "a@b@c", "a" * 400 + "@example.org", "a@example.org\r\nBcc: b@c.org", "²"],
)
def test_what_is_no_address_is_said_to_be_none(app: Flask, reader: FlaskClient, email: str) -> None:
    answer = post(reader, "/orders/find", email=email)

    assert answer.status_code == 422
    assert db.session.scalars(select(OrderLookup)).all() == []


def test_gift_page_prints_without_prices(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_variant(shop))
    post(reader, "/cart/note", note="For <b>Sam</b>", is_gift="1")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    page = reader.get(order_path(the_order(), shop.services.settings))

    assert "order_page--gift" in page.text
    assert "For &lt;b&gt;Sam&lt;/b&gt;" in page.text
