"""Turnover counts goods once: a gift card that is sold is owed, and what it buys is the sale."""

import csv
import io
from itertools import pairwise

import pytest
from sqlalchemy import select

from store.database import db, writing
from store.gift_cards import ledger as card_ledger
from store.gift_cards.ledger import Cause
from store.gift_cards.models import GiftCard
from store.orders.models import Order
from store.orders.refunding import RefundWish, refund_order
from store.staff.card_ledger import CardDay, card_days
from store.staff.goods_sold import sales_by_collection, sales_by_product, sales_by_variant
from store.staff.reports import DaySales, Span, sales_between, sales_by_day
from store.widget.reports import article_report
from tests.builders import aud
from tests.buying import a_variant, buy, check_out, fill_cart, session_of, thanks
from tests.gift_cards.giving import a_gift_card, a_gift_product, spend
from tests.shop import Shop
from tests.staffing import at_the_desk


def a_card_is_bought(shop: Shop, minor: int = 5_000, quantity: int = 1) -> str:
    """Buy gift cards; return the number of their order."""
    reader = shop.browser()
    thanks(reader, buy(shop, reader, a_gift_product(shop, minor), quantity))
    return newest(shop).number


def goods_are_bought(shop: Shop, code: str, *, price: int = 45) -> None:
    """Buy something that a gift card pays as far as it goes, and a payment card the rest."""
    reader = shop.browser()
    fill_cart(reader, a_variant(shop, price=aud(price)))
    spend(reader, code)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)


def newest(shop: Shop) -> Order:
    with shop.app.app_context():
        return db.session.scalars(select(Order).order_by(Order.id.desc())).first()  # type: ignore[return-value] # there is one


def refund(shop: Shop, number: str, wish: RefundWish) -> None:
    with shop.app.app_context():
        order = db.session.scalars(select(Order).where(Order.number == number)).one()
        refund_order(order, wish, shop.services, actor="a test")


def today(shop: Shop) -> DaySales:
    with shop.app.app_context():
        return sales_by_day(this_week(shop), shop.services.settings)[-1]


def this_week(shop: Shop) -> Span:
    return Span.of_days(7, shop.clock.now(), shop.services.settings)


def days_of_cards(shop: Shop) -> list[CardDay]:
    with shop.app.app_context():
        return card_days(this_week(shop), shop.services.settings)


def test_a_card_that_is_sold_is_owed_and_no_turnover(shop: Shop) -> None:
    a_card_is_bought(shop, quantity=2)

    day = today(shop)

    assert (day.orders, day.gross, day.net) == (1, aud(0), aud(0))
    assert (day.cards_sold, day.by_cards) == (aud(100), aud(0))


def test_what_a_card_buys_is_turnover_once(shop: Shop) -> None:
    goods_are_bought(shop, a_gift_card(shop, 2_000))

    day, order = today(shop), newest(shop)

    assert day.net == day.gross == order.total
    assert (day.by_cards, day.cards_sold) == (aud(20), aud(0))


def test_a_card_and_goods_in_one_order_are_told_apart(shop: Shop) -> None:
    reader = shop.browser()
    fill_cart(reader, a_gift_product(shop, 5_000))
    thanks(reader, buy(shop, reader, a_variant(shop, price=aud(45))))

    day = today(shop)

    assert day.cards_sold == aud(50)
    assert day.gross == newest(shop).total - aud(50)


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_price_of_a_card_goes_back_where_it_was_told(shop: Shop, *, is_whole: bool) -> None:
    number = a_card_is_bought(shop, quantity=2)
    with shop.app.app_context():
        line = db.session.scalars(select(Order).where(Order.number == number)).one().lines[0]
        wish = RefundWish() if is_whole else RefundWish(units={line.id: 1})

    refund(shop, number, wish)

    day = today(shop)
    assert day.cards_sold == (aud(0) if is_whole else aud(50))
    assert (day.gross, day.refunded, day.net) == (aud(0), aud(0), aud(0))


def test_money_that_goes_back_to_a_card_is_spent_no_more(shop: Shop) -> None:
    goods_are_bought(shop, a_gift_card(shop, 2_000))

    refund(shop, newest(shop).number, RefundWish())

    day = today(shop)
    assert (day.net, day.by_cards) == (aud(0), aud(0))


def test_a_card_that_staff_void_stays_paid_for(shop: Shop) -> None:
    a_card_is_bought(shop)
    with shop.app.app_context(), writing():
        card = db.session.scalars(select(GiftCard)).one()
        card_ledger.void(card, Cause.by("Robin", "lost", shop.clock))

    assert today(shop).cards_sold == aud(50)


def test_home_and_the_days_come_to_the_same(shop: Shop) -> None:
    a_card_is_bought(shop)
    goods_are_bought(shop, a_gift_card(shop, 2_000))
    now = shop.clock.now()

    with shop.app.app_context():
        sales = sales_between(now.replace(hour=0), now.replace(hour=23), shop.services.settings)

    day = today(shop)
    assert (sales.net, sales.cards_sold, sales.by_cards) == (day.net, aud(50), aud(20))


def test_the_ledger_is_told_by_day_and_adds_up(shop: Shop) -> None:
    code = a_gift_card(shop, 3_000)
    shop.clock.move_to(shop.clock.now().replace(day=24))
    a_card_is_bought(shop)
    goods_are_bought(shop, code, price=40)
    with shop.app.app_context(), writing():
        card = db.session.scalars(select(GiftCard).order_by(GiftCard.id.desc())).first()
        assert card
        card_ledger.void(card, Cause.by("Robin", "lost", shop.clock))

    days = days_of_cards(shop)

    last, first = days[-1], next(day for day in days if day.by_hand)
    assert (first.by_hand, first.owed) == (aud(30), aud(30))
    assert (last.sold, last.spent, last.ended, last.owed) == (aud(50), aud(30), aud(50), aud(0))
    for before, day in pairwise(days):
        came = day.sold + day.by_hand + day.given_back + day.adjusted
        assert day.owed == before.owed + came - day.spent - day.ended


def test_a_span_that_is_over_ends_with_what_was_owed_then(shop: Shop) -> None:
    a_gift_card(shop, 3_000)
    before = this_week(shop)
    shop.clock.move_to(shop.clock.now().replace(day=28))
    a_gift_card(shop, 1_000)

    with shop.app.app_context():
        days = card_days(before, shop.services.settings)

    assert days[-1].owed == aud(30)


def test_gift_cards_are_no_goods(shop: Shop) -> None:
    a_card_is_bought(shop)

    with shop.app.app_context():
        span, settings = this_week(shop), shop.services.settings
        for sold in (sales_by_product, sales_by_variant, sales_by_collection):
            assert sold(span, settings) == []


def test_a_story_earns_what_is_bought_and_not_what_is_owed(shop: Shop) -> None:
    a_card_is_bought(shop)
    with shop.app.app_context(), writing() as session:
        for order in session.scalars(select(Order)):
            order.article = "https://news.example/story"

    with shop.app.app_context():
        span = this_week(shop)
        (story,) = article_report(span.since, span.until, shop.services.settings)

    assert (story.orders, story.revenue) == (1, (aud(0),))


def test_pages_and_files_tell_cards_in_lines_of_their_own(shop: Shop) -> None:
    a_card_is_bought(shop)
    browser = at_the_desk(shop)

    home = browser.get("/staff/").text
    days = csv_of(browser.get("/staff/reports/days.csv").text)
    cards = csv_of(browser.get("/staff/reports/gift-cards.csv").text)

    assert "$50.00 sold" in home
    assert "Readers may still spend $50.00" in home
    assert days[0][-2:] == ["Paid by gift cards", "Gift cards sold"]
    assert (days[-1][2], days[-1][-1]) == ("0.00", "50.00")
    assert cards[0][1:3] == ["Owed", "Sold"]
    assert cards[-1][1:3] == ["50.00", "50.00"]
    assert "Owed" in browser.get("/staff/reports/gift-cards").text


def csv_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_shop_without_gift_cards_reads_nothing_of_them_at_home(shop: Shop) -> None:
    reader = shop.browser()
    thanks(reader, buy(shop, reader, a_variant(shop)))

    assert "Gift cards in 30 days" not in at_the_desk(shop).get("/staff/").text
