"""A discount from the cart to the settled order: at Stripe, on the receipt, and given back."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from store.checkout.staffing import release_hold
from store.checkout.sweeping import close_lost_pages, end_holds
from store.database import writing
from store.orders.links import order_path
from store.orders.models import OrderState
from store.orders.refunding import RefundWish, refund_order
from store.pricing.discounts import DiscountKind
from store.pricing.models import RedemptionState, Scope
from store.sandbox.stripe import Address
from store.sandbox.stripe.faults import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from tests.builders import a_product, aud
from tests.buying import (
    a_variant,
    change_at_stripe,
    check_out,
    deliver,
    fill_cart,
    mails,
    page_at_stripe,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.discounts import a_discount, apply, redemptions, taken
from tests.invariants import assert_invariants
from tests.shop import Shop

HOUR = timedelta(hours=1)
HOME = {
    "name": "Robin Reader",
    "line1": "1 George St",
    "city": "Sydney",
    "state": "NSW",
    "postal_code": "2000",
    "country": "AU",
}


def lose_answers(shop: Shop, path: str) -> None:
    """Have Stripe do what it is asked twice, and the answers be lost."""
    fault = ApiFault(FaultKind.RESET_AFTER, path, "POST", times=2)
    shop.sandbox.account.faults.change(Faults(api=(fault,)))


def test_discount_goes_from_the_cart_to_the_receipt(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop)
    fill_cart(reader, a_variant(shop), 2)
    apply(reader, "WELCOME10")

    session_id = session_of(check_out(reader))
    coupon = shop.sandbox.account.state.scan(Shelf.COUPON)[0]
    pay_page = page_at_stripe(shop, session_id)
    shop.sandbox.pay(session_id)
    page = thanks(reader, session_id)

    order = the_order()
    assert (coupon["name"], coupon["amount_off"]) == ("Welcome", 900)
    assert pay_page.amounts.discount == 900
    assert (order.state, order.discount_minor) == (OrderState.PAID, 900)
    assert taken(discount_id) == 1
    assert redemptions() == [(RedemptionState.KEPT, "Welcome", 900)]
    assert "Welcome" in page.text
    assert "-$9.00" in page.text
    receipt = mails("orders.confirmed")[0]
    assert "Welcome: -$9.00" in receipt.text
    assert "Welcome" in receipt.html
    assert_invariants(shop.sandbox)


def test_free_shipping_is_free_at_stripe_and_named_on_the_receipt(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING)
    fill_cart(reader, a_variant(shop))

    session_id = session_of(check_out(reader))
    assert shop.sandbox.pay(session_id)["amount_total"] == 4_500
    page = " ".join(thanks(reader, session_id).text.split())

    assert the_order().shipping_minor == 0
    assert "$8.95" in page
    assert "-$8.95" in page
    assert "Free post" in page
    assert_invariants(shop.sandbox)


def test_use_comes_back_when_the_order_is_not_paid(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop, most_in_all=1)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")
    check_out(reader)
    other = shop.browser()
    fill_cart(other, a_variant(shop))
    assert "others had the last of it" in apply(other, "WELCOME10").text

    shop.clock.move_to(shop.clock.now() + HOUR)
    end_holds(shop.services)

    assert the_order().state == OrderState.EXPIRED
    assert redemptions() == [(RedemptionState.RETURNED, "Welcome", 450)]
    assert taken(discount_id) == 0
    assert apply(other, "WELCOME10").status_code == 303
    assert_invariants(shop.sandbox)


def test_own_open_order_does_not_stand_in_its_own_way(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop, most_in_all=1)
    variant_id = a_variant(shop)
    fill_cart(reader, variant_id)
    apply(reader, "WELCOME10")
    first = session_of(check_out(reader))

    again = session_of(check_out(reader))
    fill_cart(reader, variant_id)
    another = session_of(check_out(reader))

    assert first == again != another
    assert taken(discount_id) == 1
    assert_invariants(shop.sandbox)


def test_use_is_given_back_when_staff_close_the_pay_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")
    check_out(reader)

    release_hold(the_order(), shop.services)

    assert taken(discount_id) == 0
    assert_invariants(shop.sandbox)


def test_paid_too_late_keeps_what_was_promised_and_staff_are_told(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop, most_in_all=1)
    variant_id = a_variant(shop)
    fill_cart(reader, variant_id)
    apply(reader, "WELCOME10")
    session_id = session_of(check_out(reader))
    state = shop.sandbox.account.state
    page = dict(state.take(Shelf.SESSION, session_id))
    shop.clock.move_to(shop.clock.now() + HOUR)
    end_holds(shop.services)
    other = shop.browser()
    fill_cart(other, variant_id)
    apply(other, "WELCOME10")
    check_out(other)
    with state.changing():
        state.put(Shelf.SESSION, page | {"expires_at": page["expires_at"] + 7200})
    shop.sandbox.pay(session_id)

    thanks(reader, session_id)

    assert taken(discount_id) == 1
    assert (RedemptionState.BEYOND, "Welcome", 450) in redemptions()


def test_other_discount_at_stripe_parks_the_order(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    change_at_stripe(shop, session_id, total_details={"amount_discount": 400})

    thanks(reader, session_id)

    assert the_order().state == OrderState.PARKED
    assert "discount is 450 here and 400 at Stripe" in the_order().parked_reason


def test_lost_answers_make_no_second_coupon(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")
    lose_answers(shop, "/v1/coupons")

    lost = check_out(reader)
    again = check_out(reader)

    assert lost.status_code == 503
    assert session_of(again)
    assert len(shop.sandbox.account.state.scan(Shelf.COUPON)) == 1
    shop.sandbox.pay(session_of(again))
    deliver(shop)
    assert the_order().state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_sweep_finds_the_page_that_was_lost_with_its_coupon(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")
    lose_answers(shop, "/v1/checkout/sessions")
    assert check_out(reader).status_code == 503

    shop.clock.move_to(shop.clock.now() + timedelta(minutes=6))
    close_lost_pages(shop.services)

    assert the_order().state == OrderState.CANCELLED
    assert taken(discount_id) == 0
    assert_invariants(shop.sandbox)


def test_lines_that_it_was_not_for_are_refunded_whole(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    with writing():
        mug = a_product(shop.clock, title="Mug", price=aud(20))
        mug_id, variant_id = mug.id, mug.variants[0].id
    a_discount(shop, basis_points=5_000, scope=Scope.PRODUCTS, target_ids=(mug_id,))
    fill_cart(reader, a_variant(shop))
    fill_cart(reader, variant_id, 2)
    apply(reader, "WELCOME10")
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)
    tee, mugs = the_order().lines

    one = refund_order(the_order(), RefundWish(units={mugs.id: 1}), shop.services, actor="robin")
    assert one.amount_minor == 1_000
    rest = refund_order(the_order(), RefundWish(line_ids=(tee.id,)), shop.services, actor="robin")
    assert rest.amount_minor == 4_500
    assert_invariants(shop.sandbox)


def test_address_has_it_as_often_as_it_may(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, most_per_reader=1)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10", email="Robin@reader.org")
    session_id = session_of(check_out(reader))
    assert shop.sandbox.pay(session_id)["customer_details"]["email"] == "Robin@reader.org"
    thanks(reader, session_id)

    again = shop.browser()
    fill_cart(again, a_variant(shop))
    refused = apply(again, "WELCOME10", email="robin+again@READER.org")

    assert "was used with this address as often as it may be" in refused.text
    assert apply(again, "WELCOME10", email="sam@reader.org").status_code == 303


def test_what_costs_nothing_is_ordered_without_stripe(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop, basis_points=10_000, combines=True)
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING, combines=True)
    fill_cart(reader, a_variant(shop, stock=1))
    apply(reader, "WELCOME10")

    to_form = check_out(reader)
    page = reader.get(to_form.headers["Location"])
    wrong = post(reader, "/checkout/free", **(HOME | {"postal_code": "2"}), email="robin")
    taken_order = post(reader, "/checkout/free", **HOME, email="robin@reader.org")
    twice = post(reader, "/checkout/free", **HOME, email="robin@reader.org")

    order = the_order()
    assert to_form.headers["Location"] == "/checkout/free"
    assert "Nothing to pay" in page.text
    assert wrong.status_code == 422
    assert "An Australian postcode has four digits" in wrong.text
    assert "That is no e-mail address" in wrong.text
    assert 'value="1 George St"' in wrong.text
    assert taken_order.headers["Location"] == order_path(order, shop.services.settings)
    assert twice.headers["Location"] == taken_order.headers["Location"]
    assert (order.state, order.total_minor, order.session_id) == (OrderState.PAID, 0, None)
    assert order.address["line1"] == "1 George St"
    assert len(mails("orders.confirmed")) == 1
    assert len(shop.sandbox.account.state.scan(Shelf.SESSION)) == 0
    assert taken(discount_id) == 1
    assert "Ours to pack" in reader.get(taken_order.headers["Location"]).text
    assert_invariants(shop.sandbox)


def test_what_costs_something_is_not_ordered_for_nothing(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))

    form = reader.get("/checkout/free")
    answer = post(reader, "/checkout/free", **HOME, email="robin@reader.org")

    assert form.headers["Location"] == "/cart"
    assert answer.headers["Location"] == "/cart?notice=changed"
    assert mails() == []


def test_free_parcel_goes_only_where_sending_was_free(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop, basis_points=10_000, combines=True)
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING, combines=True)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")

    answer = post(reader, "/checkout/free", **(HOME | {"country": "NZ"}), email="r@reader.org")

    assert answer.status_code == 422
    assert "Choose a country from the list" in answer.text


def test_parcel_of_a_discounted_order_goes_home(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")
    session_id = session_of(check_out(reader))

    shop.sandbox.pay(session_id, address=Address())
    thanks(reader, session_id)

    assert the_order().parked_reason == ""
