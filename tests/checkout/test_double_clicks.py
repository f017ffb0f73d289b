"""Two clicks on one cart, and what else its reader does between them: one order, and an answer."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.checkout import paying
from store.checkout.paying import close
from store.database import db
from store.orders.models import Order, OrderState
from store.orders.queries import open_order_of
from tests.buying import a_variant, check_out, fill_cart, session_of
from tests.invariants import assert_invariants
from tests.shop import Shop

COOKIE = "cart"


def test_click_that_came_second_to_one_that_was_called_off_finds_a_page(
    app: Flask, shop: Shop, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_cart(reader, a_variant(shop, stock=1))
    other_window = shop.browser()
    other_window.set_cookie(COOKIE, _cookie(reader))
    looked, look = 0, open_order_of

    def meanwhile(cart_id: int) -> Order | None:
        """Look, and let the other window be faster: at first it orders, and then it goes back."""
        nonlocal looked
        looked += 1
        if looked == 1:
            found = look(cart_id)
            check_out(other_window)
            return found
        if looked == 3:
            with shop.app.app_context():
                order = look(cart_id)
                assert order is not None
                close(order, shop.services, because="went_back")
        return look(cart_id)

    monkeypatch.setattr(paying, "open_order_of", meanwhile)
    session_id = session_of(check_out(reader))

    first, second = db.session.scalars(select(Order).order_by(Order.id))
    assert (first.state, second.state) == (OrderState.CANCELLED, OrderState.PENDING)
    assert second.session_id == session_id
    assert_invariants(shop.sandbox)


def _cookie(reader: FlaskClient) -> str:
    cookie = reader.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value
