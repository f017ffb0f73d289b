"""The lowest price of the thirty days before a reduction is named, for whatever came before it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from store.catalog.prices.changing import PriceWanted, change_prices
from store.catalog.prices.history import LOOKS_BACK, Period, Spell, lowest_before
from store.catalog.prices.writing import set_price
from store.database import writing
from store.money import Money
from tests.builders import a_product, aud
from tests.buying import FROM_OUR_PAGE
from tests.pages import Page
from tests.shop import Shop

DAY = timedelta(days=1)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
LAST_DAY = 90

Days = list[tuple[int, bool] | None]
"""What was asked on each day, and whether as a reduction; nothing before the shop knew."""


def asked_day_by_day(entries: list[Period], spells: list[Spell]) -> Days:
    """Walk through the days and note what stands at the shelf on each."""
    days: Days = []
    own: Period | None = None
    for day in range(LAST_DAY + 1):
        moment = BEGINNING + day * DAY
        for entry in entries:
            own = entry if entry.at == moment else own
        sale = [
            s for s in spells if s.starts_at <= moment and not (s.ends_at and s.ends_at <= moment)
        ]
        if sale:
            dearer = own is not None and own.minor is not None and own.minor > sale[0].minor
            is_reduced = sale[0].compare_at is not None or (sale[0].is_sale and dearer)
            days.append((sale[0].minor, is_reduced))
        else:
            days.append((own.minor, own.is_reduced) if own and own.minor else None)
    return days


def lowest_by_walking(days: Days) -> int | None:
    today = days[-1]
    if today is None or not today[1]:
        return None
    first = len(days) - 1
    while first and days[first - 1] == today:
        first -= 1
    # Days stand for what held through them: the day that began thirty days ago is the first.
    before = [day[0] for day in days[max(0, first - LOOKS_BACK.days) : first] if day]
    return min(before, default=None)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Period], list[Spell]]:
    prices = st.integers(1, 6)
    days = st.lists(st.integers(0, LAST_DAY), max_size=8, unique=True).map(sorted)
    entries = [
        Period(BEGINNING + day * DAY, draw(prices), draw(st.booleans())) for day in draw(days)
    ]
    edges = draw(st.lists(st.integers(0, LAST_DAY + 9), max_size=8, unique=True).map(sorted))
    spells = [
        Spell(
            BEGINNING + starts * DAY,
            BEGINNING + ends * DAY,
            minor := draw(prices),
            draw(st.sampled_from((None, minor + 1))),
            draw(st.booleans()),
        )
        for starts, ends in zip(edges[::2], edges[1::2], strict=False)
    ]
    return entries, spells


@given(histories())
def test_the_lowest_is_what_a_walk_through_the_days_finds(
    history: tuple[list[Period], list[Spell]],
) -> None:
    entries, spells = history
    found = lowest_before(entries, spells, BEGINNING + LAST_DAY * DAY)

    assert found == lowest_by_walking(asked_day_by_day(entries, spells))


def words_of(shop: Shop, path: str = "/products/tee") -> str:
    return Page(shop.browser().get(path)).text


def a_tee(shop: Shop, *prices: tuple[float, float | None]) -> None:
    """Sell a tee at these prices and prices before, ten days each; the last is of now."""
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(prices[0][0]))
        for price, before in prices[1:]:
            shop.clock.move_to(shop.clock.now() + 10 * DAY)
            compare_at = aud(before) if before else None
            set_price(product.variants[0], aud(price), compare_at, shop.clock.now())


def test_the_lowest_price_stands_in_place_of_a_higher_one(lawful_shop: Shop) -> None:
    a_tee(lawful_shop, (50, None), (40, None), (60, None), (35, 60))

    words = words_of(lawful_shop)

    assert "was $40.00 lowest price of the 30 days before" in words
    assert "60.00" not in words


def test_lists_name_it_as_well(lawful_shop: Shop) -> None:
    a_tee(lawful_shop, (50, None), (40, None), (60, None), (35, 60))

    assert "was $40.00 lowest price of the 30 days before" in words_of(lawful_shop, "/products")


def test_carts_strike_through_the_same_and_buy_bars_name_it(lawful_shop: Shop) -> None:
    a_tee(lawful_shop, (50, None), (40, None), (60, None), (35, 60))
    browser = lawful_shop.browser()
    page = Page(browser.get("/products/tee"))
    number = page.named("input", "variant_id")["value"]

    browser.post("/cart/lines", data={"variant_id": number}, headers=FROM_OUR_PAGE)
    cart = Page(browser.get("/cart")).text

    assert page.text.count("was $40.00 lowest price of the 30 days before") == 2
    assert "$35.00 each was $40.00" in cart
    assert "60.00" not in cart


def test_what_was_cheaper_before_is_no_reduction(lawful_shop: Shop) -> None:
    a_tee(lawful_shop, (30, None), (60, None), (35, 60))

    words = words_of(lawful_shop)

    assert "was $" not in words
    assert "Reduced" not in words_of(lawful_shop, "/products")


def test_a_price_that_nobody_ever_asked_is_not_struck_through(lawful_shop: Shop) -> None:
    with lawful_shop.app.app_context(), writing():
        product = a_product(lawful_shop.clock, handle="tee", price=aud(30))
        variant = product.variants[0]
        set_price(variant, aud(30), aud(90), lawful_shop.clock.now())

    assert "90.00" not in words_of(lawful_shop)


def test_the_next_sale_is_measured_by_the_last(lawful_shop: Shop) -> None:
    with lawful_shop.app.app_context(), writing():
        product = a_product(lawful_shop.clock, handle="tee", price=aud(50))
        now = lawful_shop.clock.now()
        for price, starts, lasts in ((aud(40), 10, 5), (aud(30), 20, 5), (aud(45), 70, 5)):
            change_prices(
                product,
                [PriceWanted(product.variants[0].id, price)],
                lawful_shop.clock,
                starts_at=now + starts * DAY,
                ends_at=now + (starts + lasts) * DAY,
            )

    def was_on(day: int) -> str:
        lawful_shop.clock.move_to(now + day * DAY)
        words = words_of(lawful_shop)
        return next((p for p in ("50", "45", "40", "30") if f"was ${p}.00" in words), "")

    assert [was_on(day) for day in (11, 16, 21, 26, 71)] == ["50", "", "40", "", "50"]


def test_a_shop_elsewhere_says_what_staff_say(shop: Shop) -> None:
    a_tee(shop, (50, None), (40, None), (35, 60))

    words = words_of(shop)

    assert "was $60.00" in words
    assert "lowest price" not in words


def test_money_of_another_currency_is_not_compared(lawful_shop: Shop) -> None:
    with lawful_shop.app.app_context(), writing():
        product = a_product(lawful_shop.clock, handle="tee", price=Money(10, "EUR"))
        now = lawful_shop.clock.now()
        set_price(product.variants[0], aud(50), None, now + DAY)
        set_price(product.variants[0], aud(40), aud(50), now + 2 * DAY)
    lawful_shop.clock.move_to(now + 3 * DAY)

    assert "was $50.00" in words_of(lawful_shop)
