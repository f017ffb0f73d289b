"""What sold, told by the day of the shop's zone, and the same on the page as in the file."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import update

from store.database import writing
from store.inventory import stock
from store.inventory.models import MovementKind
from store.money import Money
from store.orders.models import Order, OrderLine
from store.orders.refunding import RefundWish, refund_order
from store.staff.charts import HEIGHT, WIDTH, bar_chart
from store.staff.goods_sold import sales_by_collection, sales_by_product, sales_by_variant
from store.staff.reports import Span, cover, sales_by_day
from tests.builders import a_collection, a_product, aud
from tests.buying import a_variant, buy, thanks, the_order
from tests.shop import Shop
from tests.staffing import at_the_desk

SALE = MovementKind.SALE


def sold(shop: Shop, variant_id: int, quantity: int = 1) -> None:
    reader = shop.browser()
    thanks(reader, buy(shop, reader, variant_id, quantity))


def the_week(shop: Shop) -> Span:
    return Span.of_days(7, shop.clock.now(), shop.services.settings)


def test_a_day_begins_at_midnight_of_the_shops_zone(shop: Shop) -> None:
    variant_id = a_variant(shop)
    # Half past eleven in the evening of the 23rd in Sydney, and half past twelve after midnight.
    shop.clock.move_to(datetime(2026, 11, 23, 12, 30, tzinfo=UTC))
    sold(shop, variant_id)
    shop.clock.move_to(datetime(2026, 11, 23, 13, 30, tzinfo=UTC))
    sold(shop, variant_id)

    with shop.app.app_context():
        days = sales_by_day(the_week(shop), shop.services.settings)

    assert {day.day: day.orders for day in days if day.orders} == {
        date(2026, 11, 23): 1,
        date(2026, 11, 24): 1,
    }
    assert len(days) == 7


def test_the_day_on_which_clocks_change_has_all_its_hours(shop: Shop) -> None:
    # On 5 April 2026 Sydney's clocks go back: the day has 25 hours, until 14:00 UTC.
    shop.clock.move_to(datetime(2026, 4, 5, 13, 59, tzinfo=UTC))
    variant_id = a_variant(shop)
    sold(shop, variant_id)
    shop.clock.move_to(datetime(2026, 4, 5, 14, 1, tzinfo=UTC))
    sold(shop, variant_id)

    with shop.app.app_context():
        days = sales_by_day(Span(date(2026, 4, 5), date(2026, 4, 6)), shop.services.settings)

    assert [day.orders for day in days] == [1, 1]


def test_what_went_back_is_taken_off_the_day_that_it_was_paid(shop: Shop) -> None:
    sold(shop, a_variant(shop))
    with shop.app.app_context():
        wish = RefundWish(amount=aud(10))
        refund_order(the_order(), wish, shop.services, actor="a test")
        day = sales_by_day(the_week(shop), shop.services.settings)[-1]

    assert day.refunded == aud(10)
    assert day.net == day.gross - aud(10)


def test_goods_are_told_by_product_and_collection(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, title="Late Tee", price=aud(40))
        a_collection(shop.clock, [tee], title="Front Page")
        variant_id = tee.variants[0].id
    sold(shop, variant_id, 3)

    with shop.app.app_context():
        span, settings = the_week(shop), shop.services.settings
        found = [*sales_by_product(span, settings), *sales_by_collection(span, settings)]

    assert [(row.name, row.units, row.total) for row in found] == [
        ("Late Tee", 3, aud(120)),
        ("Front Page", 3, aud(120)),
    ]


def test_variants_are_told_apart_what_brought_most_first(shop: Shop) -> None:
    dear, cheap = a_variant(shop, price=aud(40)), a_variant(shop, price=aud(10))
    sold(shop, cheap, 2)
    sold(shop, dear)

    with shop.app.app_context():
        found = sales_by_variant(the_week(shop), shop.services.settings)
        first = sales_by_variant(the_week(shop), shop.services.settings, limit=1)

    assert [(row.units, row.total) for row in found] == [(1, aud(40)), (2, aud(20))]
    assert first == found[:1]


def test_what_is_no_longer_sold_still_counts(shop: Shop) -> None:
    variant_id = a_variant(shop, title="Late Tee", price=aud(40))
    sold(shop, variant_id)
    with shop.app.app_context(), writing() as session:
        session.execute(update(OrderLine).values(variant_id=None))

    with shop.app.app_context():
        span, settings = the_week(shop), shop.services.settings
        found = [*sales_by_product(span, settings), *sales_by_variant(span, settings)]

    assert [(row.name, row.total) for row in found] == [("Late Tee", aud(40))] * 2


def test_money_of_another_currency_is_in_no_day(shop: Shop) -> None:
    sold(shop, a_variant(shop))
    with shop.app.app_context(), writing() as session:
        session.execute(update(Order).values(currency="NZD"))

    with shop.app.app_context():
        days = sales_by_day(the_week(shop), shop.services.settings)

    assert {(day.orders, day.gross.minor) for day in days} == {(0, 0)}


def test_shelves_that_run_out_first_are_on_top(shop: Shop) -> None:
    unsold, soon, later = (a_variant(shop, stock=units) for units in (5, 2, 9))
    with shop.app.app_context(), writing():
        for variant_id in (soon, later):
            stock.adjust(
                variant_id, -1, cause="a sale", actor="a test", clock=shop.clock, kind=SALE
            )

    with shop.app.app_context():
        rows = cover(shop.clock.now(), shop.services.settings)
        first = cover(shop.clock.now(), shop.services.settings, limit=1)

    assert [row.variant_id for row in rows] == [soon, later, unsold]
    assert first == rows[:1]


@pytest.mark.slow
def test_a_page_shows_a_hundred_rows_and_the_file_all_of_them(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        for number in range(120):
            a_product(shop.clock, title=f"Tee {number}")
    browser = at_the_desk(shop)

    page = browser.get("/staff/reports/stock").text
    file = browser.get("/staff/reports/stock.csv").text

    assert page.count('<th scope="row">') == 100
    assert "the first 100" in page
    assert len(file.splitlines()) == 121


def test_cover_says_how_long_a_shelf_lasts_and_what_it_is_worth(shop: Shop) -> None:
    a_variant(shop, stock=6, price=aud(10))

    with shop.app.app_context():
        shelf = cover(shop.clock.now(), shop.services.settings)[0]

    assert (shelf.value, shelf.days) == (aud(60), None)


def test_each_report_is_a_page_and_the_same_rows_as_a_file(shop: Shop) -> None:
    sold(shop, a_variant(shop, title="=HYPERLINK(1) tee"))
    browser = at_the_desk(shop)

    for name in ("days", "products", "variants", "collections", "stories", "stock"):
        assert browser.get(f"/staff/reports/{name}").status_code == 200
    answer = browser.get("/staff/reports/products.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert rows[0] == ["Name", "Units", "Paid"]
    assert rows[1][:2] == ["'=HYPERLINK(1) tee", "1"]


def test_an_unknown_report_is_not_found(shop: Shop) -> None:
    assert at_the_desk(shop).get("/staff/reports/rumours").status_code == 404


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=60))
@example([5] * 400)
def test_bars_stay_inside_the_drawing(values: list[int]) -> None:
    names = [str(number) for number in range(len(values))]

    chart = bar_chart(values, names, names)

    assert all(0 <= bar.x <= WIDTH and bar.x + bar.width <= WIDTH + 0.1 for bar in chart.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT for bar in chart.bars)
    assert [bar.is_empty for bar in chart.bars] == [value <= 0 for value in values]
    assert Money(chart.ticks[-1].value, "AUD").minor >= max(values)
