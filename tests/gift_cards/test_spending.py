"""A gift card pays: in the cart, at Stripe, alone or in part, and never more than is on it."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.checkout.settling import let_go
from store.checkout.sweeping import end_holds
from store.database import db, writing
from store.gift_cards.tasks import sweeps
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order
from store.sandbox.stripe.state import Shelf
from tests.builders import aud
from tests.buying import (
    a_variant,
    check_out,
    fill_cart,
    mails,
    page_at_stripe,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.discounts import a_discount, apply
from tests.gift_cards.giving import (
    a_gift_card,
    a_gift_product,
    assert_proved,
    ledger,
    spend,
    the_card,
)
from tests.invariants import assert_invariants
from tests.shop import Shop

HOME = {
    "email": "robin@example.org",
    "name": "Robin Reader",
    "line1": "1 George St",
    "city": "Sydney",
    "state": "NSW",
    "postal_code": "2000",
    "country": "AU",
}


def shown_on(page: str) -> dict[str, str]:
    """Return the hidden fields by which the cart's page says what its reader saw."""
    names = ("shown", "discounts", "on_cards")
    return {name: _value_of(name, page) for name in names}


def order_of(answer: TestResponse) -> Order:
    """Return the order whose pay page a checkout led to."""
    wanted = select(Order).where(Order.session_id == session_of(answer))
    return db.session.scalars(wanted).one()


def _value_of(name: str, page: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_part_of_an_order_is_paid_by_card_and_the_rest_is_charged(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 2_000)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    assert spend(reader, code.lower().replace("-", " ")).status_code == 303

    page = reader.get("/cart").text
    session_id = session_of(check_out(reader))
    held = the_card().held_minor
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    assert "To pay" in page
    assert "-$20.00" in page
    order = the_order()
    assert (order.state, order.parked_reason) == (OrderState.PAID, "")
    assert held == 2_000
    assert page_at_stripe(shop, session_id).amounts.total == order.total_minor - 2_000
    assert [(p.amount_minor, bool(p.gift_card_id)) for p in order.payments] == [
        (order.total_minor - 2_000, False),
        (2_000, True),
    ]
    assert ledger() == [("issued", 2_000, 2_000), ("spent", -2_000, 0)]
    assert the_card().held_minor == 0
    assert_proved()
    assert_invariants(shop.sandbox)


def test_tax_is_the_same_with_a_card_and_without(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 2_000)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    without = order_of(check_out(reader)).tax_lines

    spend(reader, code)

    assert without
    assert order_of(check_out(reader)).tax_lines == without


def test_whole_order_is_paid_by_card_without_a_pay_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 10_000)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    spend(reader, code)

    asked = check_out(reader)
    form = reader.get("/checkout/free").text
    taken = post(reader, "/checkout/free", **HOME, **shown_on(form))

    order = the_order()
    assert asked.headers["Location"] == "/checkout/free"
    assert taken.status_code == 303
    assert (order.state, order.session_id) == (OrderState.PAID, None)
    assert the_card().balance_minor == 10_000 - order.total_minor
    assert not list(shop.sandbox.account.state.scan(Shelf.SESSION))
    assert "Paid by card: $0.00" in mails("orders.confirmed")[0].text
    assert_proved()
    assert_invariants(shop.sandbox)


def test_several_cards_pay_one_after_the_other(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    first, second = a_gift_card(shop, 1_000), a_gift_card(shop, 10_000)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    for code in (first, second):
        spend(reader, code)

    check_out(reader)
    post(reader, "/checkout/free", **HOME, **shown_on(reader.get("/checkout/free").text))

    order = the_order()
    assert [use.amount_minor for use in order.card_uses] == [1_000, order.total_minor - 1_000]
    assert_proved()


def test_card_and_discount_come_off_in_one_coupon(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop)
    code = a_gift_card(shop, 4_300)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    apply(reader, "WELCOME10")
    spend(reader, code)

    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)

    order, there = the_order(), page_at_stripe(shop, session_id).amounts
    assert (order.state, order.parked_reason) == (OrderState.PAID, "")
    # All of the goods is off there, and the rest of the card is in the price of sending.
    assert there.discount == 4_500
    assert there.total == order.total_minor - 4_300 == there.shipping
    assert_invariants(shop.sandbox)


def test_what_stripe_would_not_charge_stays_on_the_card(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, price=aud(45))
    fill_cart(reader, variant_id)
    check_out(reader)
    total = the_order().total_minor
    code = a_gift_card(shop, total - 20)

    spend(reader, code)
    page = reader.get("/cart").text
    session_id = session_of(check_out(reader))

    assert "$0.30 more stays on your gift card" in page
    assert page_at_stripe(shop, session_id).amounts.total == 50


def test_card_is_free_again_when_the_pay_page_closes(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 2_000)
    fill_cart(reader, a_variant(shop))
    spend(reader, code)
    check_out(reader)

    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    end_holds(shop.services)

    assert the_order().state == OrderState.EXPIRED
    assert (the_card().balance_minor, the_card().held_minor) == (2_000, 0)
    assert_proved()


def test_card_emptied_in_another_tab_is_told_and_nothing_is_lost(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code, other = a_gift_card(shop, 2_000), shop.browser()
    variant_id = a_variant(shop)
    for one in (reader, other):
        fill_cart(one, variant_id)
        spend(one, code)
    seen = shown_on(reader.get("/cart").text)
    session_id = session_of(check_out(other))
    shop.sandbox.pay(session_id)
    thanks(other, session_id)

    answer = post(reader, "/checkout", **seen)

    assert answer.headers["Location"] == "/cart?notice=changed"
    assert "it was spent" in reader.get("/cart").text
    assert "Late Edition tee" in reader.get("/cart").text
    assert post(reader, "/checkout", **shown_on(reader.get("/cart").text)).status_code == 303


def test_paid_too_late_with_a_card_that_went_elsewhere_waits_for_a_person(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code, other = a_gift_card(shop, 2_000), shop.browser()
    variant_id = a_variant(shop)
    fill_cart(reader, variant_id)
    spend(reader, code)
    session_id = session_of(check_out(reader))
    late = the_order().id
    # Our side gave up on it, and Stripe took the money all the same.
    with writing():
        let_go(locked_order(late), shop.services, to=OrderState.EXPIRED, because="expired")
    shop.sandbox.pay(session_id)
    fill_cart(other, variant_id)
    spend(other, code)
    others = session_of(check_out(other))
    shop.sandbox.pay(others)

    thanks(other, others)
    thanks(reader, session_id)

    order = db.session.get_one(Order, late, populate_existing=True)
    assert order.state == OrderState.PARKED
    assert "has less left" in order.parked_reason
    assert_proved()
    assert_invariants(shop.sandbox)


def test_gift_cards_are_not_bought_with_gift_cards(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 10_000)
    fill_cart(reader, a_gift_product(shop, 5_000))

    spend(reader, code)

    assert "Nothing of it is needed here" in reader.get("/cart").text


def test_unknown_ended_and_stopped_codes_are_told_apart_only_to_who_has_them(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    code = a_gift_card(shop, 2_000)
    fill_cart(reader, a_variant(shop))

    unknown = spend(reader, "2222-3333-4444-5555")
    shop.clock.move_to(shop.clock.now() + timedelta(days=4 * 365))
    fill_cart(reader, a_variant(shop))
    ended = spend(reader, code)
    expire_sweep(shop)
    still = spend(reader, code)

    assert "We know no gift card with this code" in unknown.text
    assert "was good until" in ended.text
    assert "was good until" in still.text
    assert ledger()[-1] == ("expired", -2_000, 0)
    assert_proved()


def expire_sweep(shop: Shop) -> None:
    next(s for s in sweeps(shop.services) if s.name == "gift_cards.expire").run()
