"""The list of orders: what is found, by whom, and how long lists are walked."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask

from store.database import writing
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from store.sandbox.stripe import Address
from store.staff.key_set import SIZE
from store.staff.roles import Role
from tests.beginning import Beginning
from tests.buying import a_variant, change_at_stripe, check_out, fill_cart, session_of, thanks
from tests.desk import Desk, bought, number_of, the
from tests.inventory.promises import an_order_line
from tests.shop import Shop

AWAY = Address("7 Proof Place", "Flat 3", "Fremantle", "WA", "6160", "AU")


@pytest.fixture
def tee(begin: Beginning) -> int:
    return begin(_fifty_tees)


@pytest.fixture
def order(app: Flask, begin: Beginning, tee: int) -> str:
    return begin(_two, tee)


@pytest.fixture
def other(app: Flask, begin: Beginning) -> str:
    return begin(_to_zoe)


def _fifty_tees(shop: Shop) -> int:
    return a_variant(shop, stock=50, title="Late Edition tee")


def _two(shop: Shop, tee: int) -> str:
    return bought(shop, tee, quantity=2)


def _to_zoe(shop: Shop) -> str:
    mug = a_variant(shop, title="Off the Record mug")
    return bought(shop, mug, name="Zoë Møller", email="zoe.m@mail.example", address=AWAY)


def _ship(shop: Shop, number: str) -> None:
    order_id = the(number).id
    with writing():
        parcel = Parcel({}, "Australia Post", "99702-4711")
        ship_parcel(locked_order(order_id), parcel, shop.services, actor="robin")


def _park(shop: Shop, variant_id: int) -> str:
    reader = shop.browser()
    fill_cart(reader, variant_id)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    change_at_stripe(shop, session_id, amount_total=1)
    thanks(reader, session_id)
    return number_of(shop, session_id)


def test_a_paid_order_waits_to_be_shipped_and_leaves_with_its_parcel(
    shop: Shop, order: str
) -> None:
    desk = Desk(shop)
    assert order in desk.text("")

    _ship(shop, order)

    assert order not in desk.text("")
    assert order in desk.text("", view="all")


def test_what_waits_longest_is_packed_first(shop: Shop, tee: int, order: str) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    later = bought(shop, tee)

    to_ship, everything = Desk(shop).text("", view="to_ship"), Desk(shop).text("", view="all")

    assert to_ship.index(order) < to_ship.index(later)
    assert everything.index(later) < everything.index(order)


def test_each_list_holds_what_its_name_says(shop: Shop, tee: int, order: str) -> None:
    parked, reader = _park(shop, tee), shop.browser()
    fill_cart(reader, tee)
    unpaid = number_of(shop, session_of(check_out(reader)))
    desk = Desk(shop)

    held = {view: desk.text("", view=view) for view in ("to_ship", "parked", "open")}

    for view, number in (("to_ship", order), ("parked", parked), ("open", unpaid)):
        assert [n for n in (order, parked, unpaid) if n in held[view]] == [number], view


def test_counts_stand_beside_the_lists(shop: Shop, tee: int, order: str) -> None:
    _park(shop, tee)

    page = Desk(shop).text("")

    assert "To ship 1" in page
    assert "Parked 1" in page


@pytest.mark.parametrize(
    "words",
    [
        "{number}",
        "{tail}",
        "{joined}",
        "Zoë Møller",
        "moller zoe",
        "zoe.m@mail.example",
        "zoe.m@m",
        "mail.example",
        "Proof Place",
        "6160",
        "fremantle",
        "Off the Record",
        "mugs",
        "{sku}",
        "99702-4711",
        "997024711",
    ],
)
def test_an_order_is_found_by_each_thing_that_is_known_of_it(
    shop: Shop, order: str, other: str, words: str
) -> None:
    _ship(shop, other)
    known = {
        "number": other.lower(),
        "tail": other.partition("-")[2],
        "joined": other.replace("-", ""),
        "sku": the(other).lines[0].sku,
    }

    page = Desk(shop).text("", q=words.format(**known))

    assert other in page
    assert order not in page


def test_every_word_must_be_found(shop: Shop, order: str, other: str) -> None:
    desk = Desk(shop)

    assert "No order fits" in desk.text("", q="Zoë tee")
    assert other in desk.text("", q="Zoë mug")


@pytest.mark.parametrize(
    "words", ['"', "' OR 1=1 --", "a* OR b", "{goods} :", ":*", "☃", "x" * 500]
)
def test_no_search_is_taken_for_a_command(shop: Shop, order: str, words: str) -> None:
    assert Desk(shop).get("", q=words).status_code == 200


def test_filters_narrow_a_list(shop: Shop, order: str, other: str) -> None:
    _ship(shop, other)
    day = shop.clock.now().astimezone(shop.services.settings.zone).date()
    desk = Desk(shop)

    def found(**asked: Any) -> list[str]:
        page = desk.text("", **asked)
        return [number for number in (order, other) if number in page]

    assert found(parcels="shipped") == [other]
    assert found(parcels="waiting") == [order]
    assert found(parcels="partly_shipped") == []
    assert found(goods="mug") == [other]
    assert found(goods="Zoë") == []
    assert found(state="paid") == [order, other]
    assert found(state="refunded") == []
    assert found(since=day.isoformat(), until=day.isoformat()) == [order, other]
    assert found(since=(day + timedelta(days=1)).isoformat()) == []
    assert found(until=(day - timedelta(days=1)).isoformat()) == []


def test_orders_of_a_story_are_found_by_its_address(shop: Shop, tee: int, order: str) -> None:
    desk, url, order_id = Desk(shop), "https://news.example/a-story", the(order).id
    with writing():
        locked_order(order_id).article = url

    assert order in desk.text("", story=f"{url}?utm_source=x")
    assert "No order fits" in desk.text("", story="https://news.example/another")


@pytest.mark.parametrize(
    "query",
    [
        {"view": "nothing"},
        {"state": "lost"},
        {"since": "yesterday", "until": "9999-12-31"},
        {"at": "garbage"},
        {"story": "javascript:alert(1)"},
    ],
)
def test_an_address_that_makes_no_sense_shows_a_list_all_the_same(
    shop: Shop, order: str, query: dict[str, str]
) -> None:
    assert Desk(shop).get("", **query).status_code == 200


def test_a_long_list_is_walked_in_parts(shop: Shop, tee: int, app: Flask) -> None:
    with writing():
        for _ in range(SIZE + 1):
            an_order_line(tee, 1, shop.clock)
    desk = Desk(shop)

    first = desk.get("", view="all").text
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = desk.browser.get(unescape(onward[1])).text

    assert first.count('name="order"') == SIZE
    assert second.count('name="order"') == 1
    assert 'rel="prev"' in second


def test_an_analyst_sees_what_sold_and_not_to_whom(shop: Shop, order: str, other: str) -> None:
    desk = Desk(shop, Role.ANALYST)

    listed, page = desk.text("", view="all"), desk.text(other)

    assert other in listed
    for private in ("Zoë", "Proof Place", "zoe.m@mail.example"):
        assert private not in listed + page
    assert "No order fits" in desk.text("", q="Zoë")
    assert other in desk.text("", q="mug")


def test_an_editor_has_no_orders(shop: Shop, order: str) -> None:
    assert Desk(shop, Role.EDITOR).get("").status_code == 403


def test_ticked_orders_lead_on_to_their_paper(shop: Shop, order: str, other: str) -> None:
    answer = Desk(shop).post("batch", order=[order, other], act="slips")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/staff/orders/slips?order={order}&order={other}"


@pytest.mark.parametrize("fields", [{"act": "slips"}, {"act": "burn", "order": ["GN-1"]}])
def test_an_act_without_orders_leads_back(shop: Shop, fields: dict[str, Any]) -> None:
    assert Desk(shop).post("batch", **fields).headers["Location"] == "/staff/orders/"
