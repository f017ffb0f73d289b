"""What staff changed is read in the words of the pages that changed it, never in those of code."""

from datetime import UTC, datetime

from store.content.closing import closure
from store.database import writing
from store.staff.audit import Actor, Thing, record
from store.staff.roles import Role
from store.staff.saying_to_readers import close
from tests.desk import as_read
from tests.shop import Shop
from tests.staff.test_collection_edits import a_section, edited, page_of
from tests.staff.test_shipping_rates import ROW
from tests.staff.test_shipping_rates import sent as send_rates
from tests.staff.test_tax import GST
from tests.staff.test_tax import sent as send_taxes
from tests.staffing import at_the_desk

CHANGES = "/staff/changes/"
SOMEBODY = Actor(None, "Somebody")


def told(shop: Shop) -> str:
    return as_read(at_the_desk(shop, role=Role.MANAGER).get(CHANGES))


def test_rules_of_a_collection_are_told_as_its_page_asks_for_them(shop: Shop) -> None:
    number, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(number)
    typed = {"rule": ["tag is", "price at_most"], "value": ["pride", "50"]}

    browser.post(page, data=edited(browser, page, matching="all", **typed))

    words = told(shop)
    assert "Tag is pride" in words
    assert "Price is at most $50.00" in words
    assert "By rules: all of them must hold" in words
    assert [raw for raw in ("at_most", "by_hand", "5000") if raw in words] == []


def test_what_came_into_a_collection_is_told_and_not_all_that_is_in_it(shop: Shop) -> None:
    number, goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(number)

    browser.post(page, data=edited(browser, page, product=[str(one) for one in goods[:2]]))

    assert "Taken out pin" in told(shop)
    assert "Put in" not in told(shop)


def test_another_order_of_products_is_told_as_that(shop: Shop) -> None:
    number, goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(number)

    browser.post(page, data=edited(browser, page, product=[str(one) for one in goods[::-1]]))

    assert "Products in another order as they are now" in told(shop)


def test_of_shipping_rates_the_rows_that_changed_are_told(shop: Shop) -> None:
    browser = at_the_desk(shop)
    world = ROW | {"zone": "World", "countries": "*", "price": "30"}
    send_rates(browser, ROW, world)

    send_rates(browser, ROW | {"price": "12"}, world)

    newest = told(shop).partition("Undo")[0]
    assert "Home: Post $9.50 free from $100.00 2 to 5 days Australia $12.00" in newest
    assert "World" not in newest
    assert "everywhere else" in told(shop)


def test_steps_by_weight_and_where_to_pick_up_are_told(shop: Shop) -> None:
    browser = at_the_desk(shop)
    west = ROW | {"zone": "West", "regions": "WA", "kind": "weight", "price": "500: 8.95, *: 12"}
    counter = ROW | {"name": "Counter", "kind": "pickup", "price": "", "free_over": ""}

    far = ROW | {"zone": "Far", "countries": "NZ", "kind": "value", "price": "50: 9, *: 0"}
    send_rates(browser, ROW, west, far, counter | {"pickup_address": "Oxford St"})

    words = told(shop)
    assert "by weight up to 500 g: $8.95 above: $12.00" in words
    assert "by value up to $50.00: $9.00 above: $0.00" in words
    assert "Australia, WA" in words
    assert "picked up" in words
    assert "Oxford St" in words


def test_tax_is_told_rule_by_rule(shop: Shop) -> None:
    browser = at_the_desk(shop)
    send_taxes(browser, GST)

    send_taxes(browser, GST | {"rate": "12.5"}, included="no")

    newest = told(shop).partition("Undo")[0]
    assert "GST, Australia: standard 10 % 12.5 %" in newest
    assert "Prices hold tax yes no" in newest
    assert "Rounded" not in newest


def test_moments_are_told_by_the_clock_of_the_shop(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        close(datetime(2026, 11, 24, 1, 0, tzinfo=UTC), "Stock-take.", SOMEBODY, shop.clock)
        assert closure(shop.clock.now()) is not None

    words = told(shop)
    assert "Until" in words
    assert "24 November 2026, 12:00 pm" in words
    assert "T01:00" not in words


def test_an_import_that_was_taken_back_and_a_rule_for_stories_have_words(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        for act, thing in (
            ("import.undone", Thing("import", "1", "products.csv")),
            ("story_rule.added", Thing("story_rule", "x", "pin | section | sport | mug")),
            ("mail.tried_again", Thing("mail", "1", "orders.confirmed")),
        ):
            record(SOMEBODY, act, thing, clock=shop.clock)

    words = told(shop)
    assert "Took an import back · products.csv" in words
    assert "Pinned: section · sport · mug" in words
    assert "Had a mail sent again · Order confirmed" in words


def test_what_was_made_tells_nothing_of_what_was_left_empty(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        made: dict[str, object] = {
            "name": "Ten off",
            "code": "",
            "targets": [],
            "ends_at": None,
            "combines": False,
        }
        record(SOMEBODY, "discount.created", Thing("discount", "1"), clock=shop.clock, after=made)

    words = told(shop)
    assert "Name Ten off Goods and shipping together no" in words
    assert [empty for empty in ("Code", "For these", "Until") if empty in words] == []
