"""Nobody empties the shop for free."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.clock import FixedClock
from store.database import db
from store.orders.holds import holds_now
from tests.buying import (
    FROM_OUR_PAGE,
    a_variant,
    check_out,
    fill_cart,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop, open_shop, some_settings


def _from(address: str, reader: FlaskClient) -> TestResponse:
    return reader.post("/checkout", headers=FROM_OUR_PAGE, environ_base={"REMOTE_ADDR": address})


@pytest.fixture
def strict(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    settings = some_settings(
        tmp_path,
        database_url,
        hold_units_per_cart=6,
        hold_units_per_network=8,
        hold_units_per_product=7,
    )
    shop = open_shop(settings, clock)
    yield shop
    with shop.app.app_context():
        db.engine.dispose()


def _filled(shop: Shop, variant_id: int, quantity: int) -> FlaskClient:
    reader = shop.browser()
    fill_cart(reader, variant_id, quantity)
    return reader


def test_one_cart_holds_so_many_units(strict: Shop) -> None:
    answer = _from("203.0.113.5", _filled(strict, a_variant(strict, stock=99), 7))

    assert answer.status_code == 429
    assert "Retry-After" in answer.headers


def test_one_network_holds_so_many_units(strict: Shop) -> None:
    first, second = a_variant(strict, stock=99), a_variant(strict, stock=99)
    _from("203.0.113.5", _filled(strict, first, 5))

    same_network = _from("203.0.113.77", _filled(strict, second, 4))
    other_network = _from("198.51.100.5", _filled(strict, second, 4))

    assert same_network.status_code == 429
    assert other_network.status_code == 303
    with strict.app.app_context():
        assert_invariants(strict.sandbox)


def test_one_network_holds_so_many_units_of_one_product(strict: Shop) -> None:
    variant_id = a_variant(strict, stock=99)
    _from("2001:db8:1:1::5", _filled(strict, variant_id, 5))

    answer = _from("2001:db8:1:2::9", _filled(strict, variant_id, 3))

    assert answer.status_code == 429


def test_paid_units_are_no_longer_counted(strict: Shop) -> None:
    variant_id = a_variant(strict, stock=99)
    buyer = _filled(strict, variant_id, 5)
    session_id = session_of(_from("203.0.113.5", buyer))
    strict.sandbox.pay(session_id)
    thanks(buyer, session_id)

    answer = _from("203.0.113.5", _filled(strict, variant_id, 5))

    assert answer.status_code == 303


def test_address_of_a_reader_is_not_kept(strict: Shop) -> None:
    _from("203.0.113.5", _filled(strict, a_variant(strict), 1))

    with strict.app.app_context():
        order = the_order()
        assert len(order.network) == 64
        assert "203" not in repr(order.session_request)


def test_staff_see_who_holds_what(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_variant(shop, title="Late Edition tee"), 2)
    check_out(reader)

    (hold,) = holds_now()

    assert (hold.title, hold.quantity, hold.state) == ("Late Edition tee", 2, "pending")
    assert hold.expires_at == shop.clock.now() + timedelta(minutes=45)
