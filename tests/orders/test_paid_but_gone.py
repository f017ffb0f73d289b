"""Paid, and gone: a reader waits, takes something else, or has her money back, once."""

import pytest
from flask import Flask

from store.database import writing
from store.orders.models import OrderState
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from store.orders.shortage.choosing import Choice
from tests.beginning import Beginning
from tests.builders import a_product, aud
from tests.buying import a_variant, deliver, mails
from tests.desk import as_read, the
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader
from tests.orders.gone import (
    decide,
    given_back,
    gone,
    gone_after_payment,
    kinds,
    later,
    leave,
    other_order,
    shelf,
    states,
)
from tests.shop import Shop


@pytest.fixture
def sizes(app: Flask, begin: Beginning) -> tuple[int, int]:
    """A tee in M and in L, nine of each, at 45 dollars."""
    return begin(_in_two_sizes)


def _in_two_sizes(shop: Shop) -> tuple[int, int]:
    with writing():
        tee = a_product(shop.clock, title="Late Edition tee", options={"Size": ["M", "L"]}, stock=9)
        return tee.variants[0].id, tee.variants[1].id


@pytest.fixture
def mug(app: Flask, begin: Beginning) -> int:
    return begin(_five_mugs)


def _five_mugs(shop: Shop) -> int:
    return a_variant(shop, title="No Comment mug", price=aud(25), stock=5)


@pytest.fixture
def number(begin: Beginning, sizes: tuple[int, int]) -> str:
    """One tee in M, all of which are gone, and shipping: 53.95 dollars."""
    return begin(_one_that_is_gone, sizes[0])


def _one_that_is_gone(shop: Shop, variant_id: int) -> str:
    return gone_after_payment(shop, {variant_id: 1}, {variant_id: 0})


@pytest.fixture
def reader(shop: Shop, number: str) -> Reader:
    return Reader(shop, number)


def test_the_reader_is_asked_once(shop: Shop, reader: Reader, number: str) -> None:
    deliver(shop)

    (mail,) = mails("orders.missing")
    assert "/missing?key=" in mail.text
    assert "1 × Late Edition tee (M)" in mail.text
    assert "29 November 2026" in mail.text
    assert "Late Edition" not in mail.subject
    page = as_read(reader.get("/missing"))
    assert "1 × Late Edition tee" in page
    assert "$45.00" in page
    assert "Choose what happens" in as_read(reader.get())
    assert_invariants(shop.sandbox)


def test_whoever_waits_keeps_her_place(shop: Shop, reader: Reader, number: str) -> None:
    one = gone()[0].id

    assert reader.post("/missing", **{f"choice__{one}": "wait"}).status_code == 303

    assert states() == ["waits"]
    later(shop, days=30)
    assert states() == ["waits"]
    assert given_back(shop) == []
    assert kinds() == ["orders.missing", "orders.missing_chosen"]
    assert "You wait for it" in as_read(reader.get("/missing"))


def test_all_the_money_goes_back_where_nothing_is_sent(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    one = gone()[0].id

    assert reader.post("/missing", **{f"choice__{one}": "refund"}).status_code == 303

    assert given_back(shop) == [5395]
    order = the(number)
    assert order.state == OrderState.REFUNDED
    assert shelf(sizes[0]) == (0, 0, 0)
    assert "the money goes back" in as_read(reader.get())
    assert_invariants(shop.sandbox)


def test_another_size_is_sent_with_an_order_of_its_own(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    one = gone()[0].id

    answer = reader.post("/missing", **{f"choice__{one}": "swap", f"instead__{one}": sizes[1]})

    assert answer.status_code == 303
    other = other_order(number)
    assert (other.total_minor, other.lines[0].combination) == (0, "L")
    assert other.address == the(number).address
    assert given_back(shop) == []
    assert the(number).lines[0].left_to_ship == 0
    assert shelf(sizes[1]) == (9, 1, 0)
    assert other.number in as_read(reader.get())
    assert number in as_read(Reader(shop, other.number).get())
    assert_invariants()


def test_of_something_cheaper_the_difference_goes_back(
    shop: Shop, reader: Reader, number: str, mug: int
) -> None:
    one = gone()[0].id
    page = as_read(reader.get(f"/missing/{one}/instead"))
    assert "No Comment mug" in page
    assert "$20.00 back to you" in page

    reader.post("/missing", **{f"choice__{one}": "swap", f"instead__{one}": mug})

    assert given_back(shop) == [2000]
    assert the(number).state == OrderState.PAID
    assert gone()[0].refund is not None
    assert_invariants(shop.sandbox)


def test_something_dearer_hidden_or_sold_out_is_not_had_instead(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    dearer = a_variant(shop, title="Night Desk hoodie", price=aud(46))
    nothing = a_variant(shop, title="Old cap", price=aud(20), stock=0)
    hidden = a_variant(shop, title="Draft", price=aud(20), status="draft")
    one = gone()[0].id

    page = as_read(reader.get(f"/missing/{one}/instead"))
    for title in ("Night Desk hoodie", "Old cap", "Draft"):
        assert title not in page
    for variant_id in (dearer, nothing, hidden, sizes[0], 99_999):
        answer = reader.post(
            "/missing", **{f"choice__{one}": "swap", f"instead__{one}": variant_id}
        )
        assert answer.status_code == 409
        assert "Nothing of your choice is done" in as_read(answer)
    assert states() == ["open"]


def test_a_swap_that_somebody_else_bought_meanwhile_is_a_clear_error(
    shop: Shop, reader: Reader, number: str, mug: int
) -> None:
    one = gone()[0].id
    assert "No Comment mug" in as_read(reader.get(f"/missing/{one}/instead"))
    leave(shop, mug, 0)

    answer = reader.post("/missing", **{f"choice__{one}": "swap", f"instead__{one}": mug})

    assert answer.status_code == 409
    assert "bought by somebody else" in as_read(answer)
    assert given_back(shop) == []
    assert_invariants(shop.sandbox)


def test_one_of_three_that_is_missing_is_one_choice(shop: Shop, sizes: tuple[int, int]) -> None:
    number = gone_after_payment(shop, {sizes[0]: 3}, {sizes[0]: 2})
    assert [one.quantity for one in gone()] == [1]
    reader = Reader(shop, number)
    assert "of 3; the others are here" in as_read(reader.get("/missing"))

    decide(shop, Choice.REFUND)

    assert given_back(shop) == [4500]
    line = the(number).lines[0]
    assert (line.cancelled, line.left_to_ship, line.shortage) == (1, 2, 0)
    order_id = the(number).id
    with writing():
        ship_parcel(locked_order(order_id), Parcel({}), shop.services, actor="robin")
    assert the(number).lines[0].shipped == 2
    assert_invariants(shop.sandbox)


def test_each_line_has_a_choice_of_its_own(shop: Shop, sizes: tuple[int, int], mug: int) -> None:
    number = gone_after_payment(shop, {sizes[0]: 1, mug: 2}, {sizes[0]: 0, mug: 0})
    tee, mugs = (one.id for one in gone())
    reader = Reader(shop, number)

    reader.post("/missing", **{f"choice__{tee}": "wait", f"choice__{mugs}": "refund"})

    assert states() == ["waits", "refunded"]
    assert given_back(shop) == [5000]
    later(shop, days=1)
    reader.post("/missing", **{f"choice__{tee}": "refund"})
    assert sum(given_back(shop)) == the(number).total_minor
    assert the(number).state == OrderState.REFUNDED
    assert_invariants(shop.sandbox)


def test_parcels_leave_without_what_is_missing_and_the_choice_stays(
    shop: Shop, sizes: tuple[int, int]
) -> None:
    number = gone_after_payment(shop, {sizes[0]: 3}, {sizes[0]: 2})
    order = the(number)
    order_id, line_id = order.id, order.lines[0].id
    with writing():
        parcel = Parcel({line_id: 2})
        ship_parcel(locked_order(order_id), parcel, shop.services, actor="robin")
    assert the(number).lines[0].shortage == 1

    later(shop, days=8)

    assert states() == ["refunded"]
    assert given_back(shop) == [4500]
    assert_invariants(shop.sandbox)


def test_nothing_chosen_or_nonsense_keeps_what_was_chosen(reader: Reader) -> None:
    one = gone()[0].id

    assert "Choose what happens first" in reader.post("/missing").text
    assert reader.post("/missing", **{f"choice__{one}": "gold"}).status_code == 422
    answer = reader.post("/missing", **{f"choice__{one}": "swap"})
    assert answer.status_code == 422
    assert "Say what you would like instead" in answer.text
    assert 'value="swap" checked' in answer.text
    assert states() == ["open"]


def test_a_link_without_its_key_opens_nothing(shop: Shop, reader: Reader) -> None:
    one = gone()[0].id
    for path in ("/missing", f"/missing/{one}/instead"):
        assert shop.browser().get(f"{reader.path}{path}?key=wrong").status_code == 404
    assert reader.get("/missing/99/instead").status_code == 404
