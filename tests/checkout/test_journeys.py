"""From the cart to the end of an order, whatever happens on the way."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.cart.models import CartLine
from store.catalog.models import Variant
from store.database import db, writing
from store.inventory.models import StockLevel
from store.orders.models import Order, OrderState, StripeEvent
from store.pricing.models import ShippingRate, ShippingZone
from store.sandbox.stripe import Faults
from store.sandbox.stripe.state import Shelf
from tests.buying import (
    FROM_OUR_PAGE,
    a_variant,
    buy,
    check_out,
    deliver,
    fill_cart,
    mails,
    post,
    session_of,
    thanks,
    the_order,
)
from tests.invariants import assert_invariants
from tests.shop import Shop


def _available(variant_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(StockLevel, variant_id).available


def test_paid_order_is_confirmed_on_the_thanks_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop, stock=3), quantity=2)

    page = thanks(reader, session_id)

    assert "Thank you" in page.text
    order = the_order()
    assert order.state == OrderState.PAID
    assert [mail.recipient for mail in mails()] == ["robin@example.org", "tips@example.org"]
    assert db.session.scalars(select(CartLine)).all() == []
    assert "cart_count=0" in page.headers["Set-Cookie"]
    assert_invariants(shop.sandbox)


def test_paid_order_is_settled_by_the_webhook_when_the_tab_is_closed(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    buy(shop, reader, a_variant(shop))

    deliver(shop)

    assert the_order().state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_webhook_and_thanks_page_make_one_order_and_one_mail(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))

    thanks(reader, session_id)
    deliver(shop)
    thanks(reader, session_id)

    assert the_order().state == OrderState.PAID
    assert len(mails("orders.confirmed")) == 1
    assert [event.kind for event in the_order().events].count("paid") == 1


def test_mail_subject_names_no_product(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    session_id = buy(shop, reader, a_variant(shop, title="Love is the lead"))

    thanks(reader, session_id)

    confirmation = mails("orders.confirmed")[0]
    assert "Love" not in confirmation.subject
    assert confirmation.subject.startswith("GN Store")
    assert "Love is the lead" in confirmation.text


def test_same_cart_gets_the_same_pay_page_again(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))

    first, second = check_out(reader), check_out(reader)

    assert session_of(first) == session_of(second)
    assert the_order().state == OrderState.PENDING
    assert_invariants(shop.sandbox)


def test_changed_cart_closes_the_first_pay_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=5)
    fill_cart(reader, variant_id)
    first = session_of(check_out(reader))
    fill_cart(reader, variant_id, 2)

    second = session_of(check_out(reader))

    states = db.session.scalars(select(Order.state).order_by(Order.id)).all()
    assert first != second
    assert states == [OrderState.CANCELLED, OrderState.PENDING]
    assert shop.services.payments.session(first).status == "expired"
    assert _available(variant_id) == 2
    assert_invariants(shop.sandbox)


def test_cart_that_was_paid_in_another_tab_leads_to_the_thanks_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop)
    session_id = buy(shop, reader, variant_id)
    fill_cart(reader, variant_id, 2)

    answer = check_out(reader)

    assert answer.headers["Location"].endswith(f"/checkout/thanks?session_id={session_id}")
    assert the_order().state == OrderState.PAID
    assert [line.quantity for line in db.session.scalars(select(CartLine))] == [2]


def test_way_back_from_the_pay_page_releases_and_keeps_the_cart(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    session_id = session_of(check_out(reader))

    answer = reader.get("/checkout/back")

    assert answer.headers["Location"] == "/cart?notice=back"
    assert the_order().state == OrderState.CANCELLED
    assert shop.services.payments.session(session_id).status == "expired"
    assert _available(variant_id) == 1
    assert len(db.session.scalars(select(CartLine)).all()) == 1


def test_way_back_of_a_stranger_closes_nothing(app: Flask, shop: Shop, reader: FlaskClient) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)

    shop.browser().get("/checkout/back")

    assert the_order().state == OrderState.PENDING


def test_picture_on_another_site_does_not_close_the_pay_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)

    reader.get("/checkout/back", headers={"Sec-Fetch-Dest": "image"})

    assert the_order().state == OrderState.PENDING


def test_asking_for_the_head_alone_does_not_close_the_pay_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    check_out(reader)

    reader.head("/checkout/back")

    assert the_order().state == OrderState.PENDING


def test_pay_page_that_stripe_denies_is_no_fault_of_ours(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    state = shop.sandbox.account.state
    with state.changing():
        state.remove(Shelf.SESSION, session_id)
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))

    assert check_out(reader).status_code == 503
    assert reader.get("/checkout/back").headers["Location"] == "/cart"
    assert the_order().state == OrderState.PENDING


def test_way_back_after_paying_leads_to_the_thanks_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    session_id = buy(shop, reader, a_variant(shop))

    answer = reader.get("/checkout/back")

    assert answer.headers["Location"].endswith(session_id)
    assert the_order().state == OrderState.PAID


def test_last_unit_is_held_for_one_reader_while_the_other_reads_why(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    other = shop.browser()
    fill_cart(reader, variant_id)
    fill_cart(other, variant_id)
    session_of(check_out(reader))

    answer = check_out(other)

    assert answer.headers["Location"] == "/cart?notice=changed"
    assert len(db.session.scalars(select(Order)).all()) == 1
    assert_invariants(shop.sandbox)


def test_price_that_rose_unseen_is_shown_before_it_is_paid(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop)
    fill_cart(reader, variant_id)
    with writing():
        db.session.get_one(Variant, variant_id).price_minor = 9900

    answer = check_out(reader)

    assert answer.headers["Location"] == "/cart?notice=changed"
    assert db.session.scalars(select(Order)).all() == []


def test_bank_debit_keeps_the_stock_until_the_money_comes(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, "4000000000001117")
    page = thanks(reader, session_id)
    assert "Your bank" in page.text
    assert the_order().state == OrderState.AWAITING
    assert _available(variant_id) == 0

    shop.sandbox.settle_delayed()
    deliver(shop)

    assert the_order().state == OrderState.PAID
    assert_invariants(shop.sandbox)


def test_bank_debit_that_bounces_frees_the_stock_and_keeps_the_cart(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    variant_id = a_variant(shop, stock=1)
    fill_cart(reader, variant_id)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, "4000000000002222")
    deliver(shop)

    shop.sandbox.settle_delayed()
    deliver(shop)

    assert the_order().state == OrderState.CANCELLED
    assert _available(variant_id) == 1
    assert len(db.session.scalars(select(CartLine)).all()) == 1
    assert [mail.kind for mail in mails()] == ["orders.payment_failed"]
    assert_invariants(shop.sandbox)


def test_second_checkout_while_the_bank_pays_leads_to_the_thanks_page(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, "4000000000001117")
    deliver(shop)

    answer = check_out(reader)

    assert answer.headers["Location"].endswith(session_id)


def test_events_in_the_wrong_order_end_the_same(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    shop.sandbox.faults = Faults(webhook_reorder=True, webhook_duplicate_share=1.0)
    buy(shop, reader, a_variant(shop))

    deliver(shop)

    assert the_order().state == OrderState.PAID
    unfinished = select(StripeEvent).where(StripeEvent.finished_at.is_(None))
    assert db.session.scalars(unfinished).all() == []
    assert_invariants(shop.sandbox)


def test_parcel_goes_only_where_its_tax_is_the_same(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    with writing():
        rate = ShippingRate(name="Post", price_minor=900, currency="AUD", min_days=1, max_days=2)
        db.session.add(ShippingZone(name="Near", countries=["AU", "NZ", "FJ"], rates=[rate]))
    variant_id, abroad = a_variant(shop), shop.browser()
    for buyer, country in ((reader, "AU"), (abroad, "NZ")):
        fill_cart(buyer, variant_id)
        post(buyer, "/cart/destination", country=country)
        check_out(buyer)

    at_home, sent_abroad = db.session.scalars(select(Order).order_by(Order.id))
    assert (at_home.countries, at_home.tax_minor) == (["AU"], 491)
    assert (sent_abroad.countries, sent_abroad.tax_minor) == (["FJ", "NZ"], 0)


def test_checkout_without_a_cart_leads_to_the_cart(app: Flask, reader: FlaskClient) -> None:
    assert check_out(reader).headers["Location"] == "/cart"


def test_checkout_posted_by_another_site_is_refused(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))

    answer = reader.post("/checkout", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert db.session.scalars(select(Order)).all() == []


def test_fields_that_a_stranger_adds_change_nothing(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    fill_cart(reader, a_variant(shop))

    reader.post(
        "/checkout",
        headers=FROM_OUR_PAGE | {"X-Forwarded-Host": "evil.example"},
        data={"state": "paid", "total_minor": "1", "price": "1", "cart_id": "7", "email": "a@b.c"},
    )

    order = the_order()
    assert (order.state, order.total_minor, order.email) == (OrderState.PENDING, 5395, "")
    assert order.session_request["success_url"] == (
        "http://localhost/checkout/thanks?session_id={CHECKOUT_SESSION_ID}"
    )
