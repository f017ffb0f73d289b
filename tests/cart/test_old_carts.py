"""Promises about a cart that was left for a while: what changed meanwhile is told."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from store.cart.models import Cart
from store.catalog.models import ProductStatus, Variant
from store.database import db, writing
from store.inventory import stock
from store.inventory.stock import HoldLine
from tests.builders import aud
from tests.cart.visiting import a_tee, add, cookie, only_line, post, words
from tests.inventory.promises import an_order_line
from tests.shop import Shop


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
