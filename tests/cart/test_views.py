"""Journeys through the cart's pages, with and without scripts, and all that is typed wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from store.cart import basket
from store.cart.contents import contents
from store.cart.models import Cart, CartLine
from store.catalog.models import Product, ProductStatus, Variant
from store.catalog.prices.changing import PriceWanted, change_prices
from store.clock import FixedClock
from store.database import db, writing
from store.inventory import stock
from store.inventory.stock import HoldLine
from store.money import Money
from store.pricing.models import ShippingRate, ShippingZone
from tests.builders import a_product, aud
from tests.inventory.promises import an_order_line
from tests.pages import Page
from tests.shop import Shop, open_shop, some_settings

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def a_tee(
    shop: Shop, *, title: str = "Late Edition tee", price: Money | None = None, stock: int = 10
) -> int:
    with shop.app.app_context(), writing():
        return a_product(shop.clock, title=title, price=price, stock=stock).variants[0].id


@contextmanager
def reopened(shop: Shop, **changed: object) -> Iterator[Shop]:
    """The same shop on the same database, with other settings."""
    before = shop.services.settings
    again = open_shop(some_settings(before.data_dir, before.database_url, **changed), shop.clock)
    yield again
    with again.app.app_context():
        db.engine.dispose()


def post(reader: FlaskClient, path: str, fragment: str = "", **fields: object) -> TestResponse:
    headers = OWN_PAGE | ({"X-Fragment": fragment} if fragment else {})
    return reader.post(path, data=fields, headers=headers)


def add(reader: FlaskClient, variant: int, quantity: object = 1) -> TestResponse:
    return post(reader, "/cart/lines", variant_id=variant, quantity=quantity)


def only_line(shop: Shop) -> int:
    with shop.app.app_context():
        return db.session.scalars(select(CartLine.id)).one()


def quantities(shop: Shop) -> list[int]:
    with shop.app.app_context():
        return list(db.session.scalars(select(CartLine.quantity).order_by(CartLine.id)))


def words(response: TestResponse) -> str:
    """Return what a reader sees: text without tags, single-spaced."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def cookie(response: TestResponse, name: str) -> str:
    given = response.headers.getlist("Set-Cookie")
    return next((line for line in given if line.startswith(f"{name}=")), "")


def test_reader_adds_changes_and_removes_without_scripts(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop)

    added = add(reader, tee, 2)
    page = reader.get("/cart")
    changed = post(reader, f"/cart/lines/{only_line(shop)}", quantity=3)
    after_change = quantities(shop)
    post(reader, f"/cart/lines/{only_line(shop)}", quantity=0)

    assert (added.status_code, added.location) == (303, "/cart")
    assert "Late Edition tee" in page.text
    assert "$90.00" in page.text
    assert "Check out" in words(page)
    assert (changed.status_code, after_change, quantities(shop)) == (303, [3], [])
    assert "A blank front page" in reader.get("/cart").text


def test_receipt_explains_the_total(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop), 2)
    add(reader, a_tee(shop, title="Deadline mug", price=aud(19.95)))

    receipt = words(reader.get("/cart"))

    for part in ("2 × $45.00", "$109.95", "$8.95", "$118.90", "$10.80 GST"):
        assert part in receipt
    assert "$10.05 more and shipping to Australia is free." in receipt


def test_cart_cookie_is_secret_and_the_count_is_not(shop: Shop, reader: FlaskClient) -> None:
    response = add(reader, a_tee(shop), 2)

    secret, count = cookie(response, "cart"), cookie(response, "cart_count")
    assert "HttpOnly" in secret
    assert "SameSite=Lax" in secret
    assert "Max-Age=2592000" in secret
    assert "Secure" not in secret
    assert count.startswith("cart_count=2;")
    assert "HttpOnly" not in count


def test_cookie_belongs_to_this_host_alone_on_https(shop: Shop) -> None:
    tee = a_tee(shop)

    with reopened(shop, public_url="https://localhost") as secure:
        response = secure.browser().post(
            "/cart/lines",
            data={"variant_id": tee},
            headers=OWN_PAGE,
            base_url="https://localhost",
        )

    secret = cookie(response, "__Host-cart")
    assert "Secure" in secret
    assert "Path=/" in secret
    assert "Domain" not in secret
    assert "Secure" in cookie(response, "cart_count")


def test_looking_sets_no_cookie_and_is_never_stored(shop: Shop, reader: FlaskClient) -> None:
    page = reader.get("/cart")

    assert "Set-Cookie" not in page.headers
    assert "no-store" in page.headers["Cache-Control"]
    assert "no-store" in add(reader, a_tee(shop)).headers["Cache-Control"]


@pytest.mark.parametrize(
    "typed",
    ["0", "-1", "1000000000", "9" * 30, "1.5", "²", "\u0661", "two", "", "1e3", "0x1", "21", "+"],
)
def test_quantity_that_makes_no_sense_is_refused_and_nothing_is_lost(
    shop: Shop, reader: FlaskClient, typed: str
) -> None:
    tee = a_tee(shop)
    add(reader, tee, 2)

    refused = add(reader, tee, typed)

    assert refused.status_code == 422
    assert "choose 1 to 20" in refused.text or "20 or fewer" in refused.text
    assert "Late Edition tee" in refused.text
    assert quantities(shop) == [2]


@pytest.mark.parametrize("typed", ["-1", "1000000000", "1.5", "²", "two", "", "21"])
def test_line_keeps_its_quantity_when_the_new_one_makes_no_sense(
    shop: Shop, reader: FlaskClient, typed: str
) -> None:
    add(reader, a_tee(shop), 2)

    refused = post(reader, f"/cart/lines/{only_line(shop)}", quantity=typed)

    assert refused.status_code == 422
    assert quantities(shop) == [2]


@pytest.mark.parametrize("variant", ["999", "0", "-1", "", "abc", "²", str(2**31), "9" * 40])
def test_unknown_variant_is_answered_clearly(shop: Shop, reader: FlaskClient, variant: str) -> None:
    add(reader, a_tee(shop))

    refused = post(reader, "/cart/lines", variant_id=variant, quantity="1")

    assert refused.status_code == 404
    assert "not in the shop any more" in refused.text
    assert quantities(shop) == [1]


def test_draft_is_never_sellable(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop)
    with shop.app.app_context(), writing():
        db.session.get_one(Variant, tee).product.status = ProductStatus.DRAFT

    assert add(reader, tee).status_code == 404
    assert quantities(shop) == []


def test_sold_out_thing_is_refused_before_it_is_in_the_cart(
    shop: Shop, reader: FlaskClient
) -> None:
    refused = add(reader, a_tee(shop, stock=0))

    assert refused.status_code == 409
    assert "just sold out" in refused.text


def test_same_thing_over_many_posts_stays_within_twenty(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop, stock=100)
    add(reader, tee, 15)

    refused = add(reader, tee, 6)

    assert refused.status_code == 422
    assert "15 are in yours already" in refused.text
    assert quantities(shop) == [15]


def test_fifty_first_thing_is_refused_in_words(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        sizes = [str(number) for number in range(51)]
        tees = [v.id for v in a_product(shop.clock, options={"Size": sizes}).variants]
    add(reader, tees[0])
    with shop.app.app_context(), writing():
        cart = db.session.scalars(select(Cart)).one()
        for tee in tees[1:50]:
            basket.add(cart, tee, 1, shop.clock)

    refused = add(reader, tees[50])

    assert refused.status_code == 422
    assert "up to 50 different things" in refused.text


def test_line_of_another_reader_cannot_be_reached(shop: Shop) -> None:
    mine, theirs = shop.browser(), shop.browser()
    add(theirs, a_tee(shop), 2)
    line = only_line(shop)
    add(mine, a_tee(shop, title="Mug"))

    for quantity in (0, 5):
        assert post(mine, f"/cart/lines/{line}", quantity=quantity).status_code == 404
    assert post(shop.browser(), f"/cart/lines/{line}", quantity=0).status_code == 404

    assert quantities(shop) == [2, 1]
    assert "Late Edition tee" not in mine.get("/cart").text


def test_unknown_token_gets_a_fresh_cart_and_is_told(shop: Shop, reader: FlaskClient) -> None:
    reader.set_cookie("cart", "decoded-or-guessed")

    page = reader.get("/cart")
    added = add(reader, a_tee(shop))
    after = reader.get(added.location)

    assert "this is a fresh one" in page.text
    assert "this is a fresh one" in after.text
    assert "Late Edition tee" in after.text
    assert "decoded-or-guessed" not in cookie(added, "cart")


def test_expired_cart_is_told_on_every_form(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))
    line = only_line(shop)
    shop.clock.move_to(shop.clock.now() + timedelta(days=31))

    for path in (f"/cart/lines/{line}", "/cart/destination", "/cart/note"):
        answer = post(reader, path, quantity=1, country="NZ", note="x")
        assert answer.status_code == 404
        assert "this is a fresh one" in answer.text


def test_hash_of_a_token_opens_nothing(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop))
    with shop.app.app_context():
        token_hash = db.session.scalars(select(Cart.token_hash)).one()
    thief = shop.browser()
    thief.set_cookie("cart", token_hash)

    assert "Late Edition tee" not in thief.get("/cart").text


def test_stock_is_told_by_line_and_stops_the_checkout(shop: Shop, reader: FlaskClient) -> None:
    few, fewer, none = (a_tee(shop, title=title) for title in ("Few", "Fewer", "None"))
    for tee in (few, fewer, none):
        add(reader, tee, 4)
    with shop.app.app_context(), writing():
        for tee, left in ((few, 4), (fewer, 2), (none, 0)):
            stock.count(tee, left, cause="count", actor="ana", clock=shop.clock)

    page = words(reader.get("/cart"))

    assert "Only 2 left: lower the quantity to check out." in page
    assert "Sold out: remove it to check out." in page
    assert "Check out" not in page


def test_few_left_is_told_and_stops_nothing(shop: Shop, reader: FlaskClient) -> None:
    add(reader, a_tee(shop, stock=3), 2)

    page = words(reader.get("/cart"))

    assert "Only 3 left" in page
    assert "Check out" in page


def test_what_the_readers_own_order_holds_is_not_sold_out(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop, stock=2)
    add(reader, tee, 2)
    with shop.app.app_context(), writing():
        cart = db.session.scalars(select(Cart.id)).one()
        line = an_order_line(tee, 2, shop.clock)
        stock.hold([HoldLine(tee, 2, line)], None, holder=cart)

    assert "Sold out" not in words(reader.get("/cart"))
    assert "just sold out" in add(shop.browser(), tee).text


def test_what_left_the_shop_is_told_and_costs_nothing(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop)
    add(reader, tee)
    add(reader, a_tee(shop, title="Mug", price=aud(19.95)))
    with shop.app.app_context(), writing():
        db.session.get_one(Variant, tee).product.status = ProductStatus.ARCHIVED

    page = words(reader.get("/cart"))

    assert "No longer sold: remove it to check out." in page
    assert "Subtotal $19.95" in page


def test_price_change_is_told_until_the_reader_agrees(shop: Shop, reader: FlaskClient) -> None:
    tee = a_tee(shop)
    add(reader, tee, 2)
    with shop.app.app_context(), writing():
        db.session.get_one(Variant, tee).price = aud(50)

    before = words(reader.get("/cart"))
    post(reader, f"/cart/lines/{only_line(shop)}", quantity=2)
    after = words(reader.get("/cart"))

    assert "was $45.00 now $50.00 each" in before
    assert "Keep it at the new price" in before
    assert "Subtotal $100.00" in before
    assert "$45.00" not in after


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
