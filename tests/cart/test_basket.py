"""Promises about what is in a cart, whoever clicks twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from store.cart import basket
from store.cart.basket import TooManyLinesError, TooManyUnitsError, UnknownLineError
from store.cart.models import Cart, CartLine
from store.cart.tasks import sweeps
from store.catalog.models import ProductStatus, StockPolicy
from store.catalog.queries import UnknownVariantError
from store.clock import FixedClock
from store.database import db, writing
from store.errors import InvalidError
from store.inventory import stock
from store.inventory.stock import HoldLine, OutOfStockError
from store.pricing.places import Place
from tests.builders import a_product, aud
from tests.inventory.promises import an_order_line
from tests.shop import Shop


def a_cart(shop: Shop, token: str = "") -> Cart:
    with writing():
        return basket.begin(token or basket.new_token(), shop.services.settings, shop.clock)


def a_variant(clock: FixedClock, *, stock: int = 30) -> int:
    with writing():
        return a_product(clock, stock=stock).variants[0].id


def put_in(cart: Cart, variant_id: int, quantity: int, clock: FixedClock) -> int:
    with writing():
        basket.add(cart, variant_id, quantity, clock)
    lines = select(CartLine.id).where(
        CartLine.cart_id == cart.id, CartLine.variant_id == variant_id
    )
    return db.session.scalars(lines).one()


def test_token_is_long_random_and_kept_as_a_hash(shop: Shop, app: Flask) -> None:
    token = basket.new_token()

    cart = a_cart(shop, token)

    assert len(token) >= 43
    assert token not in cart.token_hash
    assert basket.cart_for(token, shop.clock) is cart
    assert basket.cart_for(cart.token_hash, shop.clock) is None
    assert basket.cart_for("", shop.clock) is None


def test_cart_waits_thirty_days_and_is_then_forgotten(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop, "a token")
    put_in(cart, a_variant(shop.clock), 1, shop.clock)

    shop.clock.move_to(shop.clock.now() + timedelta(days=30))
    found = basket.cart_for("a token", shop.clock)
    with writing():
        forgotten = basket.forget_old(shop.clock)

    assert (found, forgotten) == (None, 1)
    assert db.session.scalars(select(CartLine)).all() == []


def test_change_renews_the_thirty_days(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop, "a token")
    shop.clock.move_to(shop.clock.now() + timedelta(days=29))
    put_in(cart, a_variant(shop.clock), 1, shop.clock)

    shop.clock.move_to(shop.clock.now() + timedelta(days=29))

    assert basket.cart_for("a token", shop.clock) is not None


def test_same_thing_twice_is_one_line(shop: Shop, app: Flask) -> None:
    cart, variant = a_cart(shop), a_variant(shop.clock)

    put_in(cart, variant, 2, shop.clock)
    put_in(cart, variant, 3, shop.clock)

    assert [line.quantity for line in cart.lines] == [5]
    assert basket.count_units(cart) == 5


def test_limit_of_one_thing_holds_over_many_clicks(shop: Shop, app: Flask) -> None:
    cart, variant = a_cart(shop), a_variant(shop.clock)
    put_in(cart, variant, 15, shop.clock)

    with pytest.raises(TooManyUnitsError) as refusal:
        put_in(cart, variant, 6, shop.clock)

    assert refusal.value.in_cart == 15
    assert basket.count_units(cart) == 15


def test_limit_of_one_thing_holds_in_parallel(shop: Shop) -> None:
    with shop.app.app_context():
        variant = a_variant(shop.clock)
        a_cart(shop, "a token")
    start = Barrier(12)

    def add_three(_: int) -> None:
        with shop.app.app_context():
            start.wait()
            with writing():
                cart = basket.cart_for("a token", shop.clock)
                assert cart is not None
                try:
                    basket.add(cart, variant, 3, shop.clock)
                except TooManyUnitsError:
                    return

    with ThreadPoolExecutor(12) as clicks:
        list(clicks.map(add_three, range(12)))

    with shop.app.app_context():
        assert db.session.scalars(select(CartLine.quantity)).all() == [18]


def test_fifty_first_thing_finds_no_room(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    with writing():
        sizes = [str(number) for number in range(51)]
        variants = [v.id for v in a_product(shop.clock, options={"Size": sizes}, stock=9).variants]
        for variant in variants[:50]:
            basket.add(cart, variant, 1, shop.clock)

    with pytest.raises(TooManyLinesError):
        put_in(cart, variants[50], 1, shop.clock)

    put_in(cart, variants[49], 1, shop.clock)
    assert basket.count_units(cart) == 51


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.ARCHIVED])
def test_what_is_not_sold_is_not_added(shop: Shop, app: Flask, status: ProductStatus) -> None:
    cart = a_cart(shop)
    with writing():
        variant = a_product(shop.clock, status=status).variants[0].id

    with pytest.raises(UnknownVariantError):
        put_in(cart, variant, 1, shop.clock)


def test_what_is_sold_out_is_not_added(shop: Shop, app: Flask) -> None:
    cart, variant = a_cart(shop), a_variant(shop.clock, stock=0)

    with pytest.raises(OutOfStockError):
        put_in(cart, variant, 1, shop.clock)


def test_backorders_and_what_nobody_counts_are_added(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    with writing():
        later = a_product(shop.clock, stock=0, policy=StockPolicy.BACKORDER).variants[0].id
        uncounted = a_product(shop.clock, tracked=False).variants[0].id

    for variant in (later, uncounted):
        put_in(cart, variant, 1, shop.clock)

    assert basket.count_units(cart) == 2


def test_own_hold_does_not_sell_out_its_reader(shop: Shop, app: Flask) -> None:
    cart, variant = a_cart(shop), a_variant(shop.clock, stock=2)
    with writing():
        line = an_order_line(variant, 2, shop.clock)
        stock.hold([HoldLine(variant, 2, line)], None, holder=cart.id)

    put_in(cart, variant, 1, shop.clock)

    assert basket.count_units(cart) == 1


def test_quantity_is_set_and_nought_removes(shop: Shop, app: Flask) -> None:
    cart, variant = a_cart(shop), a_variant(shop.clock)
    line = put_in(cart, variant, 2, shop.clock)

    with writing():
        basket.change(cart, line, 7, shop.clock)
    after_change = basket.count_units(cart)
    with writing():
        basket.change(cart, line, 0, shop.clock)

    assert (after_change, cart.lines) == (7, [])


def test_line_of_another_reader_is_out_of_reach(shop: Shop, app: Flask) -> None:
    mine, theirs = a_cart(shop), a_cart(shop)
    line = put_in(theirs, a_variant(shop.clock), 2, shop.clock)

    for quantity in (0, 5):
        with pytest.raises(UnknownLineError), writing():
            basket.change(mine, line, quantity, shop.clock)

    assert basket.count_units(theirs) == 2


def test_removed_lines_leave_no_id_for_others(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    first = put_in(cart, a_variant(shop.clock), 1, shop.clock)
    with writing():
        basket.change(cart, first, 0, shop.clock)

    assert put_in(cart, a_variant(shop.clock), 1, shop.clock) != first


def test_no_line_grows_beyond_the_limit(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    line = put_in(cart, a_variant(shop.clock), 2, shop.clock)

    with pytest.raises(TooManyUnitsError), writing():
        basket.change(cart, line, 21, shop.clock)

    assert basket.count_units(cart) == 2


def test_paid_units_leave_and_later_ones_stay(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    paid, grown, new = (a_variant(shop.clock) for _ in range(3))
    for variant, quantity in ((paid, 2), (grown, 3), (new, 1)):
        put_in(cart, variant, quantity, shop.clock)
    with writing():
        basket.write_note(cart, "Ring twice", shop.clock, is_gift=True)

    with writing():
        basket.take_out(cart.id, {paid: 2, grown: 1})

    assert [(line.variant_id, line.quantity) for line in cart.lines] == [(grown, 2), (new, 1)]
    assert cart.note == "Ring twice"


def test_paid_cart_is_left_blank(shop: Shop, app: Flask) -> None:
    cart, variant = a_cart(shop), a_variant(shop.clock)
    put_in(cart, variant, 2, shop.clock)
    with writing():
        basket.write_note(cart, "Ring twice", shop.clock, is_gift=True)
        basket.take_out(cart.id, {variant: 2})

    assert (cart.lines, cart.note, cart.is_gift) == ([], "", False)


def test_taking_out_of_a_forgotten_cart_is_no_fault(shop: Shop, app: Flask) -> None:
    with writing():
        basket.take_out(None, {1: 1})
        basket.take_out(404, {1: 1})


def test_emptied_cart_keeps_its_country(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    put_in(cart, a_variant(shop.clock), 2, shop.clock)
    with writing():
        basket.send_to(cart, Place("NZ"), shop.clock)

    with writing():
        basket.empty(cart)

    assert (basket.count_units(cart), cart.destination) == (0, "NZ")


def test_note_longer_than_its_room_is_refused(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)

    with pytest.raises(InvalidError), writing():
        basket.write_note(cart, "x" * 501, shop.clock, is_gift=False)


def test_line_remembers_the_price_that_was_shown(shop: Shop, app: Flask) -> None:
    cart = a_cart(shop)
    put_in(cart, a_variant(shop.clock), 1, shop.clock)

    assert cart.lines[0].seen_price == aud(45)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 25)), max_size=8))
def test_no_run_of_clicks_breaks_the_limit(shop: Shop, clicks: list[tuple[bool, int]]) -> None:
    with shop.app.app_context():
        cart, variant = a_cart(shop), a_variant(shop.clock)
        line = put_in(cart, variant, 1, shop.clock)
        for is_add, quantity in clicks:
            with writing():
                try:
                    if not is_add:
                        basket.change(cart, line, quantity, shop.clock)
                    elif quantity:
                        basket.add(cart, variant, quantity, shop.clock)
                except (TooManyUnitsError, UnknownLineError):
                    continue
        assert 0 <= basket.count_units(cart) <= 20


def test_sweep_forgets_old_carts(shop: Shop, app: Flask) -> None:
    a_cart(shop)
    shop.clock.move_to(shop.clock.now() + timedelta(days=31))

    for sweep in sweeps(shop.services):
        sweep.run()

    assert db.session.scalars(select(Cart)).all() == []
