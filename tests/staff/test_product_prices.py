"""Staff set prices for a time, are told what stands in the way, and take back what they set."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.catalog.prices.changing import changes_of
from store.database import writing
from store.staff.roles import Role
from tests.builders import a_product, aud
from tests.pages import Page
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

# In the shop's zone: half past nine on Sunday morning, when tests begin.
SOON, LATER, MUCH_LATER = "2026-11-22T10:00", "2026-11-22T12:00", "2026-11-23T12:00"


def a_tee(shop: Shop, sizes: tuple[str, ...] = ("S", "M")) -> int:
    with shop.app.app_context(), writing():
        return a_product(shop.clock, handle="tee", price=aud(45), options={"Size": sizes}).id


def page_of(product_id: int) -> str:
    return f"/staff/products/{product_id}/prices"


def set_prices(
    browser: FlaskClient, product_id: int, *cells: tuple[int, str], **typed: str
) -> TestResponse:
    page = page_of(product_id)
    form: dict[str, object] = {"csrf_token": token_of(browser, page), **typed}
    form["variant"] = [str(number) for number, _ in cells]
    form["price"] = [price for _, price in cells]
    return browser.post(page, data=form)


def press(browser: FlaskClient, path: str, page: str, **fields: object) -> TestResponse:
    return browser.post(path, data={"csrf_token": token_of(browser, page), **fields})


def prices_of(shop: Shop, product_id: int) -> list[tuple[str, int]]:
    with shop.app.app_context():
        found = changes_of(product_id, shop.clock.now())
        return [(change.variant.combination, change.price_minor) for change in found]


def undo_newest(browser: FlaskClient, page: str) -> TestResponse:
    found = re.search(r"/staff/changes/(\d+)/undo", browser.get(page).text)
    assert found
    return press(browser, f"/staff/changes/{found[1]}/undo", page, back=page)


def test_one_price_for_all_and_another_for_one(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    with shop.app.app_context():
        cells = re.findall(r'name="variant" value="(\d+)"', browser.get(page_of(number)).text)

    answer = set_prices(
        browser,
        number,
        (int(cells[0]), "25"),
        (int(cells[1]), ""),
        starts_at=SOON,
        ends_at=LATER,
        for_all="30.00",
    )

    assert answer.status_code == 303
    assert prices_of(shop, number) == [("S", 2500), ("M", 3000)]
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=30))
    assert "$25.00" in shop.browser().get("/products/tee").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"for_all": ""}, "Type a price"),
        ({"for_all": "cheap"}, "Write an amount"),
        ({"for_all": "30", "starts_at": "tomorrow"}, "Write a date"),
        ({"for_all": "30", "starts_at": "2020-01-01T00:00"}, "That moment is over"),
        ({"for_all": "30", "ends_at": "2020-01-01T00:00"}, "That moment is over"),
        ({"for_all": "30", "starts_at": LATER, "ends_at": SOON}, "end before it begins"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    shop: Shop, typed: dict[str, str], said: str
) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)

    answer = set_prices(browser, number, **typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert prices_of(shop, number) == []


def test_all_that_cannot_be_is_said_at_once(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    past = {"starts_at": "2020-01-02T00:00", "ends_at": "2020-01-01T00:00"}

    backwards = set_prices(browser, number, starts_at=LATER, ends_at=SOON, for_all="abc")
    over = set_prices(browser, number, **past, for_all="")

    for said in ("It would end before it begins.", "Write an amount"):
        assert said in backwards.text
    for said in ("That moment is over.", "It would end before it begins.", "Type a price"):
        assert said in over.text


def test_two_prices_for_one_time_are_refused_by_name_and_time(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    set_prices(browser, number, starts_at=SOON, ends_at=MUCH_LATER, for_all="30")

    answer = set_prices(browser, number, starts_at=LATER, for_all="20")

    assert answer.status_code == 422
    assert "“S” has another price from" in answer.text
    assert 'value="20"' in answer.text
    assert prices_of(shop, number) == [("S", 3000), ("M", 3000)]


def test_what_was_set_is_taken_back_by_undo(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    set_prices(browser, number, starts_at=SOON, ends_at=LATER, for_all="30")

    assert undo_newest(browser, page_of(number)).status_code == 303

    assert prices_of(shop, number) == []


def test_number_that_no_change_can_have_takes_nothing_back(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    page = page_of(number)
    form = {"change": ["2147483648", "\u0663"], "csrf_token": token_of(browser, page)}

    assert browser.post(f"{page}/withdrawals", data=form).status_code == 303


def test_what_was_ended_holds_again_by_undo(shop: Shop) -> None:
    number, browser, page = a_tee(shop, ("S",)), at_the_desk(shop), ""
    set_prices(browser, number, ends_at=MUCH_LATER, for_all="30")
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    page = page_of(number)
    change = re.findall(r'name="change" value="(\d+)"', browser.get(page).text)

    press(browser, f"{page}/withdrawals", page, change=change)
    ended = prices_of(shop, number)
    undo_newest(browser, page)

    assert ended == []
    assert prices_of(shop, number) == [("S", 3000)]
    assert "$30.00" in shop.browser().get("/products/tee").text


def test_what_is_over_is_not_brought_back(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    set_prices(browser, number, starts_at=SOON, ends_at=LATER, for_all="30")
    shop.clock.move_to(shop.clock.now() + timedelta(hours=3))

    undo_newest(browser, page_of(number))

    assert prices_of(shop, number) == []


def test_the_product_says_what_it_costs_meanwhile(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    cells = [
        int(i)
        for i in re.findall(r'name="variant" value="(\d+)"', browser.get(page_of(number)).text)
    ]
    set_prices(browser, number, (cells[0], "35"), (cells[1], "35"), ends_at=LATER)
    set_prices(browser, number, (cells[0], "30"), starts_at=MUCH_LATER)

    text = Page(browser.get(f"/staff/products/{number}")).text

    assert "Now $35.00 until 22 November 2026, 12:00 pm" in text
    assert "To come $30.00 from 23 November 2026, 12:00 pm" in text


def test_whoever_only_looks_sets_no_price(shop: Shop) -> None:
    number = a_tee(shop)
    analyst = at_the_desk(shop, role=Role.ANALYST)

    assert analyst.get(page_of(number)).status_code == 200
    token = token_of(analyst, page_of(number))
    refused = analyst.post(page_of(number), data={"for_all": "1", "csrf_token": token})
    assert refused.status_code == 403
    assert prices_of(shop, number) == []
