"""Journeys to the pay page by place: what is asked, what is offered, and who typed another."""

import pytest
from flask.testing import FlaskClient

from store.catalog.models import TaxClass
from store.database import writing
from store.orders.models import OrderState
from store.pricing.rates import PriceStep, RateKind
from store.pricing.tax import Taxes, TaxRule, TaxRules
from store.pricing.writing_rates import RateRow, write_rates
from store.pricing.writing_taxes import write_taxes
from store.sandbox.stripe.purchase import Address
from store.sandbox.stripe.state import Shelf
from tests.builders import aud
from tests.buying import (
    a_variant,
    buy,
    check_out,
    fill_cart,
    mails,
    page_at_stripe,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.shop import Shop

pytestmark = pytest.mark.usefixtures("app")
HOME = RateRow("Home", ("AU",), "Post", aud(8.95), None, 2, 6)
EXPRESS = RateRow("Home", ("AU",), "Express", aud(14.95), None, 1, 2)
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
WEST = RateRow("West", ("AU",), "Post", aud(12.95), None, 4, 9, regions=("WA", "NT"))
WORLD = RateRow("World", ("*",), "Airmail", aud(30), None, 8, 20)
PERTH = Address(city="Perth", state="WA", postal_code="6000")


def rates(shop: Shop, *rows: RateRow) -> None:
    with shop.app.app_context(), writing():
        write_rates(rows)


def terms(shop: Shop, taxes: Taxes) -> None:
    with shop.app.app_context(), writing():
        write_taxes(taxes, shop.clock, home="AU")


def gst(*, is_included: bool = False, is_by_stripe: bool = False) -> Taxes:
    rule = TaxRule("GST", "AU", (), TaxClass.STANDARD, 100_000)
    return Taxes((rule,), TaxRules(is_included=is_included), is_by_stripe=is_by_stripe)


def go_to(reader: FlaskClient, country: str, region: str = "", postcode: str = "") -> int:
    return post(
        reader, "/cart/destination", country=country, region=region, postcode=postcode
    ).status_code


def test_a_country_whose_states_differ_asks_which(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WEST, WORLD)
    fill_cart(reader, a_variant(shop))

    page = reader.get("/cart").text
    assert "Say where, then check out." in page
    assert ">Western Australia<" in page
    assert check_out(reader).headers["Location"].endswith("/cart?notice=changed")

    assert go_to(reader, "AU", "WA") == 303
    assert "$12.95" in reader.get("/cart").text


def test_wrong_states_and_postcodes_stand_beside_their_fields(
    shop: Shop, reader: FlaskClient
) -> None:
    north = RateRow("North", ("AU",), "Far", aud(20), None, 4, 9, regions=("08*",))
    rates(shop, HOME, WEST, north)
    fill_cart(reader, a_variant(shop))

    answer = post(reader, "/cart/destination", country="AU", region="NSW", postcode="20100")

    assert answer.status_code == 422
    assert "One looks like 2010." in answer.text
    assert 'value="20100"' in answer.text
    assert go_to(reader, "AU", "Texas") == 422
    assert go_to(reader, "XX") == 422
    assert go_to(reader, "AU", "NT", "0822") == 303
    assert "$20.00" in reader.get("/cart").text


def test_the_state_of_another_country_is_no_answer(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WEST, WORLD)
    fill_cart(reader, a_variant(shop))

    answer = post(reader, "/cart/destination", country="NZ", region="WA", asked_in="AU")

    assert answer.status_code == 303
    assert "$30.00" in reader.get("/cart").text


def test_the_pay_page_offers_every_way_and_the_picked_one_first(
    shop: Shop, reader: FlaskClient
) -> None:
    rates(shop, HOME, EXPRESS, WORLD)
    fill_cart(reader, a_variant(shop))
    post(reader, "/cart/shipping", way="Express")

    session_id = session_of(check_out(reader))

    kept = shop.sandbox.account.state.take(Shelf.SESSION, session_id)
    assert [o["shipping_amount"] for o in kept["shipping_options"]] == [1495, 895]
    assert kept["shipping_address_collection"]["allowed_countries"] == ["AU"]


def test_another_way_chosen_on_the_pay_page_is_the_order(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, EXPRESS, WORLD)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, shipping=1)

    assert "Thank you" in thanks(reader, session_id).text

    order = the_order()
    assert (order.state, order.shipping_name) == (OrderState.PAID, "Express")
    assert (order.shipping_minor, order.total_minor) == (1495, 5995)
    assert order.tax_minor == 409 + 136
    assert page_at_stripe(shop, session_id).choice == 1


def test_a_dearer_region_typed_on_the_pay_page_parks_the_order(
    shop: Shop, reader: FlaskClient
) -> None:
    rates(shop, HOME, WEST, WORLD)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", "NSW")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=PERTH)
    thanks(reader, session_id)

    order = the_order()
    assert order.state == OrderState.PARKED
    assert order.parked_reason == "sending it to WA costs 1295, 895 was paid"
    assert [mail.kind for mail in mails("orders.attention")] == ["orders.attention"]


def test_a_cheaper_region_is_sent_what_was_paid_for(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WEST, WORLD)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", "WA")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    assert the_order().state == OrderState.PAID


def test_a_state_that_nobody_knows_parks_the_order(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WEST, WORLD)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", "NSW")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=Address(state="Sydney; or so"))
    thanks(reader, session_id)

    order = the_order()
    assert order.state == OrderState.PARKED
    assert "is no part of AU that the rates know" in order.parked_reason


def test_rates_that_change_meanwhile_do_not_park_what_was_paid(
    shop: Shop, reader: FlaskClient
) -> None:
    rates(shop, HOME, WEST)
    fill_cart(reader, a_variant(shop))
    go_to(reader, "AU", "WA")
    session_id = session_of(check_out(reader))
    rates(shop, RateRow("Home", ("AU",), "Post", aud(50), None, 2, 6))
    shop.sandbox.pay(session_id, address=PERTH)
    thanks(reader, session_id)

    assert the_order().state == OrderState.PAID


def test_what_is_picked_up_asks_for_no_address(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, COUNTER)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    post(reader, "/cart/shipping", way="Our counter")
    assert "12 Oxford Street" in reader.get("/cart").text
    session_id = session_of(check_out(reader))
    kept = shop.sandbox.account.state.take(Shelf.SESSION, session_id)
    assert kept["shipping_address_collection"] is None
    assert kept["shipping_options"] == []

    shop.sandbox.pay(session_id, address=None)
    thanks(reader, session_id)

    order = the_order()
    assert (order.state, order.shipping_kind) == (OrderState.PAID, "pickup")
    assert (order.total_minor, order.pickup["hours"]) == (4500, "Mon–Fri 10–4")
    assert "12 Oxford Street" in mails("orders.confirmed")[0].text


def test_nothing_heavier_than_the_last_step_is_sent(shop: Shop, reader: FlaskClient) -> None:
    by_weight = RateRow(
        "Home",
        ("AU",),
        "Post",
        aud(0),
        None,
        2,
        6,
        kind=RateKind.WEIGHT,
        steps=(PriceStep(300, aud(8.95)),),
    )
    rates(shop, by_weight)
    fill_cart(reader, a_variant(shop), 2)

    assert "more than any way of sending there takes" in reader.get("/cart").text
    assert "/pay/" not in check_out(reader).headers["Location"]


def test_a_price_without_tax_gets_it_on_top_to_the_cent(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, EXPRESS)
    terms(shop, gst())
    session_id = buy(shop, reader, a_variant(shop, price=aud(19.95)), 3)
    thanks(reader, session_id)

    order = the_order()
    session = page_at_stripe(shop, session_id)
    assert order.state == OrderState.PAID
    assert (order.subtotal_minor, order.shipping_minor, order.tax_minor) == (5985, 895, 599 + 90)
    assert order.total_minor == 5985 + 895 + 689 == session.amounts.total
    assert (session.amounts.subtotal, session.amounts.tax) == (5985, 599)
    assert session.amounts.shipping == 985
    assert order.tax_lines == [{"name": "GST", "millionths": 100_000, "base": 6880, "tax": 689}]
    assert "GST 10 %: $6.89" in mails("orders.confirmed")[0].text


def test_an_export_without_tax_is_just_its_price(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WORLD)
    terms(shop, gst())
    fill_cart(reader, a_variant(shop, price=aud(45)))
    go_to(reader, "NZ")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=Address(country="NZ", state="", postal_code="6011"))
    thanks(reader, session_id)

    order = the_order()
    assert (order.state, order.tax_minor, order.total_minor) == (OrderState.PAID, 0, 7500)
    assert order.tax_lines == []


def test_stripe_reckons_the_tax_where_it_was_asked_to(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME, WORLD)
    terms(shop, gst(is_by_stripe=True))
    fill_cart(reader, a_variant(shop, price=aud(45)))
    go_to(reader, "NZ")
    assert "Tax is an estimate" in reader.get("/cart").text
    session_id = session_of(check_out(reader))
    assert the_order().tax_minor == 0
    shop.sandbox.pay(session_id, address=Address(country="NZ", state="", postal_code="6011"))
    thanks(reader, session_id)

    order = the_order()
    assert order.state == OrderState.PAID
    assert (order.tax_minor, order.total_minor) == (675 + 450, 4500 + 3000 + 1125)
    assert order.lines[0].tax_minor == 675
    assert order.tax_lines == [{"name": "GST", "millionths": 150_000, "base": 7500, "tax": 1125}]


def test_stripes_tax_inside_prices_changes_no_total(shop: Shop, reader: FlaskClient) -> None:
    rates(shop, HOME)
    terms(shop, gst(is_included=True, is_by_stripe=True))
    session_id = buy(shop, reader, a_variant(shop, price=aud(45)))
    thanks(reader, session_id)

    order = the_order()
    assert (order.state, order.tax_minor, order.total_minor) == (OrderState.PAID, 490, 5395)


def test_tax_that_stripe_adds_later_lifts_no_cart_over_the_least_charge(
    shop: Shop, reader: FlaskClient
) -> None:
    rates(shop, RateRow("Home", ("AU",), "Post", aud(0), None, 2, 6))
    terms(shop, gst(is_by_stripe=True))
    fill_cart(reader, a_variant(shop, price=aud(0.48)))
    go_to(reader, "AU", "NSW", "2000")

    refused = check_out(reader)

    assert refused.location.startswith("/cart")
    page = reader.get("/cart").text
    assert "comes to $0.50 at least, and this to $0.48" in page
