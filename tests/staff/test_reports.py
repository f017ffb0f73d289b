"""What sold, told by the day of the shop's zone, and the same on the page as in the file."""

import csv
import io
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from store.database import writing
from store.money import Money
from store.orders.refunding import RefundWish, refund_order
from store.staff.charts import HEIGHT, WIDTH, bar_chart
from store.staff.reports import Span, cover, sales_by_collection, sales_by_day, sales_by_product
from tests.builders import a_collection, a_product, aud
from tests.buying import a_variant, buy, thanks, the_order
from tests.shop import Shop
from tests.staffing import at_the_desk


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


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=400))
def test_bars_stay_inside_the_drawing(values: list[int]) -> None:
    names = [str(number) for number in range(len(values))]

    chart = bar_chart(values, names, names)

    assert all(0 <= bar.x <= WIDTH and bar.x + bar.width <= WIDTH + 0.1 for bar in chart.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT for bar in chart.bars)
    assert [bar.is_empty for bar in chart.bars] == [value <= 0 for value in values]
    assert Money(chart.ticks[-1].value, "AUD").minor >= max(values)
