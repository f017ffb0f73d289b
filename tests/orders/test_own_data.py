"""What is kept of a reader: shown, given and erased by a link that her mailbox alone gets."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.app import data_keepers
from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.models import Message
from store.newsletter.models import Subscriber, SubscriberState, Suppression
from store.orders.models import Readdressing
from store.orders.own_data.models import DataRequest, OrderErasure
from store.orders.own_data.tasks import sweeps
from store.orders.queries import locked_order
from store.orders.readdressing import Destination, readdress
from tests.beginning import Beginning
from tests.builders import aud
from tests.buying import a_variant, mails, post
from tests.desk import Desk, bought, the
from tests.orders.after_buying import Reader, ship, work
from tests.shop import Shop

ROBIN = "robin@example.org"


@pytest.fixture
def tee(app: Flask, begin: Beginning) -> int:
    return begin(_nine_tees)


def _nine_tees(shop: Shop) -> int:
    return a_variant(shop, stock=9, title="Late Edition tee", price=aud(45))


@pytest.fixture
def number(begin: Beginning, tee: int) -> str:
    return begin(bought, tee)


def _ask(shop: Shop, reader: FlaskClient, email: str = ROBIN) -> str:
    """Ask for the link and return its path; empty where no mail was written."""
    post(reader, "/orders/your-data", email=email)
    work(shop)
    written = mails("orders.data_link")
    found = (
        re.search(r"http://localhost(/orders/your-data/[\w-]+)", written[-1].text)
        if written
        else None
    )
    return found[1] if found else ""


def _subscribe(shop: Shop) -> None:
    with writing():
        now = shop.clock.now()
        row = Subscriber(
            email=ROBIN,
            secret="a secret",
            state=SubscriberState.CONFIRMED,
            source="page",
            asked_at=now,
            confirmed_at=now,
            updated_at=now,
        )
        db.session.add(row)


def _later(shop: Shop, **how_much: float) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(**how_much))


def _sweep(shop: Shop) -> None:
    for sweep in sweeps(shop.services, data_keepers()):
        sweep.run()
    db.session.rollback()


def test_the_answer_is_the_same_for_every_address(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    known = post(reader, "/orders/your-data", email=ROBIN)
    unknown = post(reader, "/orders/your-data", email="nobody@example.org")

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    work(shop)
    assert [mail.recipient for mail in mails("orders.data_link")] == [ROBIN]


def test_questions_about_one_address_are_limited(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    for _ in range(5):
        post(reader, "/orders/your-data", email=ROBIN)
    work(shop)

    assert len(mails("orders.data_link")) == 3


def test_no_address_is_told_so(reader: FlaskClient, number: str) -> None:
    answer = post(reader, "/orders/your-data", email="robin")

    assert answer.status_code == 422
    assert "That is no e-mail address." in answer.text


def test_the_file_holds_orders_and_newsletter(shop: Shop, reader: FlaskClient, number: str) -> None:
    _subscribe(shop)
    path = _ask(shop, reader)
    answer = reader.get(f"{path}/export.json")

    kept = json.loads(answer.data)
    assert kept["of"] == ROBIN
    assert [order["number"] for order in kept["orders"]] == [number]
    assert kept["orders"][0]["address"]["city"] == "Newtown"
    assert kept["orders"][0]["total"] == "53.95"
    assert kept["newsletter"]["state"] == "confirmed"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_looking_erases_nothing(shop: Shop, reader: FlaskClient, number: str) -> None:
    path = _ask(shop, reader)
    page = reader.get(path)

    assert page.status_code == 200
    assert reader.get(f"{path}/erasure").status_code == 405
    assert the(number).email == ROBIN


def test_erasing_wants_a_tick(shop: Shop, reader: FlaskClient, number: str) -> None:
    path = _ask(shop, reader)
    answer = post(reader, f"{path}/erasure")

    assert answer.status_code == 422
    assert "Tick the box first" in answer.text


def test_what_nobody_needs_any_more_forgets_its_reader(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    before, order_id = Reader(shop, number), the(number).id
    with writing():
        to = Destination("Robin", "", {"line1": "7 Proof Place", "country": "AU"})
        readdress(locked_order(order_id), to, shop.services, actor="robin")
    ship(shop, number)
    _later(shop, days=121)
    _subscribe(shop)
    path = _ask(shop, reader)

    post(reader, f"{path}/erasure", sure=1)
    work(shop)

    order = the(number)
    assert (order.email, order.name, order.address) == ("", "", {"country": "AU"})
    assert order.total_minor == 5395
    assert order.lines[0].title == "Late Edition tee"
    assert db.session.scalar(select(func.count(Readdressing.id))) == 0
    assert order.fulfilments[0].sent_to == {}
    assert before.get().status_code == 404
    assert db.session.scalar(select(Subscriber.id)) is None
    hashed = email_hash_of(ROBIN, shop.services.settings)
    assert db.session.scalar(select(Suppression.reason).where(Suppression.email_hash == hashed))
    about = Message.dedupe_key.startswith(f"order:{number}:")
    assert set(db.session.scalars(select(Message.text).where(about))) == {""}


def test_staff_find_nobody_behind_an_erased_order(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    desk = Desk(shop)
    desk.post(
        f"{number}/address",
        name="Robin Reader",
        line1="7 Proof Place",
        city="Fremantle",
        state="WA",
        postal_code="6160",
        country="AU",
        version=0,
    )
    ship(shop, number)
    _later(shop, days=121)
    post(reader, f"{_ask(shop, reader)}/erasure", sure=1)
    work(shop)

    desk = Desk(shop)
    page = desk.text(number)
    assert "Fremantle" not in page
    assert "robin@example.org" not in page
    assert number in desk.text("", q=number)
    assert number not in desk.text("", q="robin@example.org", view="all")


def test_an_order_under_way_forgets_its_reader_later_by_itself(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    path = _ask(shop, reader)
    assert number in reader.get(path).text
    post(reader, f"{path}/erasure", sure=1)
    work(shop)
    assert the(number).email == ROBIN
    ship(shop, number)

    _later(shop, days=119)
    _sweep(shop)
    assert the(number).email == ROBIN
    _later(shop, days=2)
    _sweep(shop)

    assert the(number).email == ""
    assert db.session.scalar(select(OrderErasure.order_id)) is None


def test_after_seven_years_no_order_names_anybody(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    ship(shop, number)
    _later(shop, days=7 * 365)
    _sweep(shop)
    assert the(number).email == ROBIN
    _later(shop, days=3)
    _sweep(shop)

    assert the(number).name == ""


def test_a_link_opens_for_a_day_and_by_its_key_alone(
    shop: Shop, reader: FlaskClient, number: str
) -> None:
    path = _ask(shop, reader)

    assert reader.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404
    assert reader.get(re.sub(r"/(\d+)-", "/99-", path)).status_code == 404
    _later(shop, hours=25)
    assert reader.get(path).status_code == 404
    _later(shop, hours=25)
    _sweep(shop)
    assert db.session.scalar(select(DataRequest.id)) is None


def test_a_second_click_erases_nothing_twice(shop: Shop, reader: FlaskClient, number: str) -> None:
    path = _ask(shop, reader)
    answers = [post(reader, f"{path}/erasure", sure=1).status_code for _ in range(2)]
    work(shop)

    assert answers == [303, 303]
    assert "It is being erased" in reader.get(path).text
