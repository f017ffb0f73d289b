"""Promises about the cart as readers fill and change it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from store.cart import basket
from store.cart.models import Cart
from store.catalog.models import ProductStatus, Variant
from store.database import db, writing
from tests.builders import a_product, aud
from tests.cart.visiting import (
    OWN_PAGE,
    a_tee,
    add,
    cookie,
    only_line,
    post,
    quantities,
    reopened,
    words,
)
from tests.shop import Shop


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
