"""What is picked up lies ready, its reader is told once, and then it is handed over."""

import re

import pytest
from flask.testing import FlaskClient

from store.database import writing
from store.pricing.rates import RateKind
from store.pricing.writing_rates import RateRow, write_rates
from tests.builders import aud
from tests.buying import (
    a_variant,
    check_out,
    fill_cart,
    mails,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

pytestmark = pytest.mark.usefixtures("app")
COUNTER = RateRow(
    "Home",
    ("AU",),
    "Our counter",
    aud(0),
    None,
    0,
    0,
    kind=RateKind.PICKUP,
    pickup_address="12 Oxford Street",
    pickup_hours="Mon–Fri 10–4",
)


def bought(shop: Shop) -> str:
    with shop.app.app_context(), writing():
        write_rates([COUNTER])
    reader = shop.browser()
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=None)
    thanks(reader, session_id)
    return the_order().number


def press(browser: FlaskClient, number: str, what: str) -> int:
    page = f"/staff/orders/{number}"
    form = {"csrf_token": token_of(browser, page)}
    return browser.post(f"{page}/{what}", data=form).status_code


def test_it_is_made_ready_and_handed_over(shop: Shop) -> None:
    number, browser = bought(shop), at_the_desk(shop)
    page = browser.get(f"/staff/orders/{number}").text
    assert "To be picked up" in page
    assert "Pack and send" not in page

    assert press(browser, number, "ready") == 303
    mail = mails("orders.pickup_ready")[0]
    assert ("12 Oxford Street" in mail.text, "Mon–Fri 10–4" in mail.text) == (True, True)

    assert press(browser, number, "handed-over") == 303
    order = the_order()
    assert [line.shipped for line in order.lines] == [1]
    assert [event.kind for event in order.events][-2:] == ["ready_for_pickup", "picked_up"]
    assert mails("orders.shipped") == []


def test_its_reader_is_told_once(shop: Shop) -> None:
    number, browser = bought(shop), at_the_desk(shop)

    assert press(browser, number, "ready") == 303
    assert press(browser, number, "ready") == 409

    assert len(mails("orders.pickup_ready")) == 1


def test_its_reader_reads_where_and_that_it_is_ready(shop: Shop) -> None:
    number, browser = bought(shop), at_the_desk(shop)
    link = re.search(r"/orders/\S+\?key=\S+", mails("orders.confirmed")[0].text)
    assert link
    assert "12 Oxford Street" in shop.browser().get(link[0]).text

    press(browser, number, "ready")
    the_order()

    assert "Ready to be picked up" in shop.browser().get(link[0]).text


def test_what_is_sent_is_not_handed_over(shop: Shop) -> None:
    reader = shop.browser()
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    browser = at_the_desk(shop)
    assert press(browser, the_order().number, "ready") == 409
    assert post(reader, "/cart/shipping", way="Nowhere").status_code == 303
