"""Promises about what stands beside the lines of a cart, and about answers to scripts."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from store.cart.contents import contents
from store.cart.models import Cart, CartLine
from store.catalog.models import Product, Variant
from store.catalog.prices.changing import PriceWanted, change_prices
from store.clock import FixedClock
from store.database import db, writing
from store.money import Money
from store.pricing.models import ShippingRate, ShippingZone
from tests.builders import a_product, aud
from tests.cart.visiting import a_tee, add, cookie, only_line, post, quantities, reopened, words
from tests.pages import Page
from tests.shop import Shop


def test_destination_is_remembered_and_quoted_anew(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))

    chosen = post(reader, "/cart/destination", country="NZ")
    page = words(reader.get("/cart"))

    assert chosen.status_code == 303
    assert "New Zealand, 5–10 working days $14.95" in page
    assert "GST" not in page.split("Subtotal")[1].split("Check out")[0]


@pytest.mark.parametrize("country", ["KP", "ZZ", "", "Australia", "AU\x07", "A" * 5_000])
def test_country_we_do_not_send_to_is_refused(
    shop: Shop, reader: FlaskClient, country: str
) -> None:
    add(reader, a_tee(shop))

    refused = post(reader, "/cart/destination", country=country)

    assert refused.status_code == 422
    assert "Australia, 2–6 working days" in words(refused)


def test_country_that_staff_stopped_sending_to_stops_the_checkout(
    shop: Shop, reader: FlaskClient
) -> None:
    add(reader, a_tee(shop))
    with shop.app.app_context(), writing():
        rate = ShippingRate(name="Post", price_minor=900, currency="AUD", min_days=1, max_days=2)
        db.session.add(ShippingZone(name="Kiwis", countries=["NZ"], rates=[rate]))

    page = words(reader.get("/cart"))

    assert "We do not send there yet" in page
    assert "Check out" not in page


def test_note_and_gift_are_kept(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))

    post(reader, "/cart/note", note="Ring twice\r\n<b>please</b>\x07", is_gift="1")
    page = reader.get("/cart").text

    assert "Ring twice\n&lt;b&gt;please&lt;/b&gt;</textarea>" in page
    assert re.search(r'name="is_gift"[^>]*checked', page)


def test_note_that_is_too_long_is_refused_and_not_lost(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))
    post(reader, "/cart/note", note="Ring twice")

    refused = post(reader, "/cart/note", note="é" * 501, is_gift="1")

    assert refused.status_code == 422
    assert "501 characters" in refused.text
    assert "é" * 501 in refused.text
    assert "Ring twice" in reader.get("/cart").text


def test_every_code_is_answered_and_none_is_known_yet(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))

    unknown = post(reader, "/cart/discount", code="PRIDE<script>")
    nothing = post(reader, "/cart/discount", code=" ")

    assert unknown.status_code == nothing.status_code == 422
    assert "We know no code “PRIDE&lt;script&gt;”" in unknown.text
    assert "Type the code first" in nothing.text
    assert quantities(shop) == [1]


def test_script_gets_the_cart_alone(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop), 2)

    changed = post(reader, f"/cart/lines/{only_line(shop)}", "cart", quantity=3)

    assert (changed.status_code, changed.headers["X-Fragment"]) == (200, "cart")
    assert changed.text.lstrip().startswith("<live-basket")
    assert "<html" not in changed.text
    assert 'data-summary="3 things in the cart, $135.00 in total."' in changed.text
    assert cookie(changed, "cart_count").startswith("cart_count=3;")


def test_script_gets_the_drawer_around_it(shop: Shop, reader: FlaskClient) -> None:
    added = post(reader, "/cart/lines", "drawer", variant_id=a_tee(shop), quantity=1)

    assert added.text.lstrip().startswith("<dialog")
    assert "Check out" in words(added)
    assert "See the whole cart" in added.text


def test_script_gets_refusals_too(shop: Shop, reader: FlaskClient) -> None:
    refused = post(reader, "/cart/lines", "drawer", variant_id=a_tee(shop), quantity="two")

    assert (refused.status_code, refused.headers["X-Fragment"]) == (422, "drawer")
    assert 'role="alert"' in refused.text


def test_unknown_fragment_is_answered_with_the_page(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))

    page = reader.get("/cart", headers={"X-Fragment": "../layouts/base.html"})

    assert "<html" in page.text
    assert "X-Fragment" not in page.headers


def test_fields_that_no_form_has_change_nothing(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop)

    post(
        reader,
        "/cart/lines",
        variant_id=tee,
        quantity=1,
        price="1",
        seen_price_minor="1",
        cart_id="7",
        currency="JPY",
    )

    with shop.app.app_context():
        line = db.session.scalars(select(CartLine)).one()
        assert (line.seen_price, line.cart.currency) == (aud(45), "AUD")


@pytest.mark.parametrize(
    ("currency", "price", "total"),
    [("JPY", 4_500, "JPY 9,900"), ("KWD", 10_500, "KWD 22.790")],
)
def test_shop_in_another_currency_adds_up(
    shop: Shop, currency: str, price: int, total: str
) -> None:
    with reopened(shop, currency=currency) as abroad:
        tee, reader = a_tee(abroad, price=Money(price, currency)), abroad.browser()

        add(reader, tee, 2)

        assert total in words(reader.get("/cart"))


def test_shop_that_changes_its_currency_takes_its_carts_along(
    shop: Shop, reader: FlaskClient
) -> None:
    tee, mug = a_tee(shop), a_tee(shop, title="Deadline mug")
    add(reader, tee)
    add(reader, mug)
    token = reader.get_cookie("cart")
    assert token
    with shop.app.app_context(), writing():
        db.session.get_one(Variant, tee).price = Money(4_500, "JPY")

    with reopened(shop, currency="JPY") as yen:
        same_reader = yen.browser()
        same_reader.set_cookie("cart", token.value)
        page = words(same_reader.get("/cart"))
        changed = post(same_reader, "/cart/note", note="hello")

    assert "was $45.00 now JPY 4,500 each" in page
    assert "No longer sold" in page
    assert changed.status_code == 303
    with shop.app.app_context():
        assert db.session.scalars(select(Cart.currency)).one() == "JPY"


def test_reduced_price_stands_beside_what_it_was(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop)
    with shop.app.app_context(), writing():
        change_prices(
            db.session.get_one(Variant, tee).product,
            [PriceWanted(tee, aud(30))],
            shop.clock,
            starts_at=None,
            ends_at=shop.clock.now() + timedelta(days=1),
        )
    add(reader, tee)

    reduced = Page(reader.get("/cart")).text
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    after = Page(reader.get("/cart")).text

    assert "$30.00 each was $45.00" in reduced
    assert "was $30.00 now $45.00 each" in after
    assert "each was" not in after


def test_full_cart_takes_few_queries(shop: Shop, reader: FlaskClient) -> None:
    for number in range(6):
        add(reader, a_tee(shop, title=f"Tee {number}"))
    asked: list[str] = []

    def note_down(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with shop.app.app_context():
        cart = db.session.scalars(select(Cart)).one()
        event.listen(db.engine, "before_cursor_execute", note_down)
        contents(cart, shop.services.settings, shop.clock)

    assert len(asked) <= 8


def test_product_that_is_deleted_leaves_the_cart(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, tracked=False)
        product_id, tee = product.id, product.variants[0].id
    add(reader, tee)
    with shop.app.app_context(), writing():
        db.session.delete(db.session.get_one(Product, product_id))

    assert "A blank front page" in reader.get("/cart").text


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(["/cart/lines", "/cart/lines/1", "/cart/destination", "/cart/note"]),
    fields=st.dictionaries(
        st.sampled_from(["variant_id", "quantity", "country", "note", "is_gift"]),
        st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    ),
)
def test_no_text_breaks_the_cart(
    shop: Shop, reader: FlaskClient, path: str, fields: dict[str, str]
) -> None:
    answer = post(reader, path, **fields)

    assert answer.status_code in {303, 404, 409, 422}
    assert all(1 <= quantity <= 20 for quantity in quantities(shop))


def test_clock_is_the_shops(shop: Shop, reader: FlaskClient, clock: FixedClock) -> None:
    add(reader, a_tee(shop))

    with shop.app.app_context():
        assert db.session.scalars(select(Cart.updated_at)).one() == clock.now()
