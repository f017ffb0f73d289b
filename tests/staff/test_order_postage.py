"""An order is sent to another part of its country than was paid for: what staff are told of it."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from store.orders.readdressing import destination_of
from store.sandbox.stripe.purchase import Address
from tests.buying import a_variant, check_out, fill_cart, mails, session_of, thanks, the_order
from tests.checkout.test_places import COUNTER, HOME, PERTH, WEST, WORLD, go_to, rates
from tests.desk import ELSEWHERE, Desk
from tests.desk import HOME as SYDNEY
from tests.orders.after_buying import Reader
from tests.shop import Shop

pytestmark = pytest.mark.usefixtures("app")


def bought_for(shop: Shop, reader: FlaskClient, state: str, address: Address) -> str:
    rates(shop, HOME, WEST, WORLD)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", state)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=address)
    thanks(reader, session_id)
    return the_order().number


def test_staff_are_warned_before_a_parcel_goes_where_it_costs_more(
    shop: Shop, reader: FlaskClient
) -> None:
    number, desk = bought_for(shop, reader, "NSW", SYDNEY), Desk(shop)

    warned = desk.post(f"{number}/address", **ELSEWHERE)
    kept = destination_of(the_order()).address["city"]
    done = desk.post(f"{number}/address", anyway="1", **ELSEWHERE)

    assert warned.status_code == 409
    assert "$4.00 more than its reader paid" in warned.text
    assert 'value="7 Proof Place"' in warned.text
    assert kept == "Newtown"
    assert done.status_code == 303
    assert destination_of(the_order()).address["city"] == "Fremantle"


def test_reader_sends_no_parcel_where_it_costs_more(shop: Shop, reader: FlaskClient) -> None:
    number = bought_for(shop, reader, "NSW", SYDNEY)

    refused = Reader(shop, number).post("/address", **ELSEWHERE)

    assert refused.status_code == 409
    assert "does not lead to that part of the country" in refused.text
    assert destination_of(the_order()).address["city"] == "Newtown"


def test_difference_of_a_cheaper_place_is_offered_and_given_once(
    shop: Shop, reader: FlaskClient
) -> None:
    number, desk = bought_for(shop, reader, "WA", SYDNEY), Desk(shop)
    sheet = desk.get(number).text
    link = re.search(r'href="(/staff/orders/[^"]*/refund\?[^"]*amount=4\.00[^"]*)"', sheet)

    assert "costs $4.00 less than was paid" in sheet
    assert link
    form = desk.browser.get(unescape(link[1])).text
    assert re.search(r'name="amount"[^>]*value="4\.00"', form, re.DOTALL)
    given = desk.post(f"{number}/refunds", how="amount", amount="4.00", seen=0)
    assert given.status_code == 303
    assert "less than was paid" not in desk.get(number).text


def test_same_price_is_no_difference(shop: Shop, reader: FlaskClient) -> None:
    number = bought_for(shop, reader, "WA", PERTH)

    assert "less than was paid" not in Desk(shop).get(number).text


def test_papers_and_mails_of_what_is_picked_up_speak_of_picking_up(
    shop: Shop, reader: FlaskClient
) -> None:
    rates(shop, COUNTER)
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=None)
    thanks(reader, session_id)

    paper = Reader(shop, the_order().number).get("/receipt").text

    assert "Pick up, Our counter" in paper
    assert "Shipping" not in paper
    assert "Pick up: Our counter" in mails("orders.new")[0].text
