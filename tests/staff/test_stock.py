"""Staff look after the shelves: every number explains itself, and nothing typed is lost."""

import re

from flask.testing import FlaskClient

from store.database import db, writing
from store.inventory import stock
from store.inventory.proof import prove
from store.staff.roles import Role
from tests.builders import a_product
from tests.buying import a_variant, buy, thanks, the_order
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of


def a_shelf(shop: Shop, units: int = 10, *, title: str = "Late Edition tee") -> int:
    """Add a product of one variant; return the variant's number."""
    with shop.app.app_context(), writing():
        return a_product(shop.clock, title=title, stock=units).variants[0].id


def on_hand(shop: Shop, variant_id: int) -> int:
    with shop.app.app_context():
        return stock.levels([variant_id])[variant_id].on_hand


def moved(browser: FlaskClient, variant_id: int, **form: object) -> int:
    page = f"/staff/stock/{variant_id}"
    given = {"kind": "adjust", "cause": "a test", "csrf_token": token_of(browser, page)} | form
    return browser.post(f"{page}/movements", data=given).status_code


def newest_entry(browser: FlaskClient, page: str) -> str:
    found = re.search(r"/staff/changes/(\d+)/undo", browser.get(page).text)
    assert found
    return found[1]


def test_a_number_opens_what_it_is_made_of(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    assert moved(browser, variant_id, kind="damage", quantity=3, cause="a leak") == 303

    page = browser.get(f"/staff/stock/{variant_id}").text

    assert "Why is this 7?" in page
    assert "a leak" in page
    assert "The ledger explains it" in page


def test_a_count_sets_the_shelf_and_can_be_taken_back(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    moved(browser, variant_id, kind="count", quantity=4)
    page = f"/staff/stock/{variant_id}"
    entry = newest_entry(browser, page)

    answer = browser.post(
        f"/staff/changes/{entry}/undo",
        data={"back": page, "csrf_token": token_of(browser, page)},
    )

    assert answer.headers["Location"] == page
    assert on_hand(shop, variant_id) == 10


def test_taking_back_is_refused_when_the_shelf_moved_since_and_shows_both(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    page = f"/staff/stock/{variant_id}"
    moved(browser, variant_id, kind="count", quantity=4)
    entry = newest_entry(browser, page)
    moved(browser, variant_id, kind="receive", quantity=5)

    answer = browser.post(
        f"/staff/changes/{entry}/undo",
        data={"back": page, "csrf_token": token_of(browser, page)},
    )

    assert answer.status_code == 409
    assert ">4<" in answer.text
    assert ">9<" in answer.text
    assert on_hand(shop, variant_id) == 9


def test_a_change_is_taken_back_once(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    page = f"/staff/stock/{variant_id}"
    moved(browser, variant_id, kind="count", quantity=4)
    entry = newest_entry(browser, page)
    form = {"back": page, "csrf_token": token_of(browser, page)}

    for _ in range(2):
        browser.post(f"/staff/changes/{entry}/undo", data=form)

    assert on_hand(shop, variant_id) == 10


def test_more_than_lies_there_is_refused_beside_the_field_and_what_was_typed_stays(
    shop: Shop,
) -> None:
    variant_id, browser = a_shelf(shop, 2), at_the_desk(shop)
    page = f"/staff/stock/{variant_id}"
    form = {
        "kind": "damage",
        "quantity": "5",
        "cause": "water <b>& mud",
        "csrf_token": token_of(browser, page),
    }

    answer = browser.post(f"{page}/movements", data=form)

    assert answer.status_code == 422
    assert "Only 2 lie there" in answer.text
    assert "water &lt;b&gt;&amp; mud" in answer.text
    assert on_hand(shop, variant_id) == 2


def test_a_delivery_is_received_whole_or_not_at_all(shop: Shop) -> None:
    browser = at_the_desk(shop, role=Role.FULFILMENT)
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, options={"Size": ["S", "M"]}, stock=1)
        ids = [variant.id for variant in product.variants]
        skus = [variant.sku for variant in product.variants]
    path = "/staff/stock/delivery"
    form = {
        "lines": f"{skus[0]}, 5\n{skus[1]}\t7\nNO-SUCH 3",
        "csrf_token": token_of(browser, path),
    }

    refused = browser.post(path, data=form)
    assert refused.status_code == 422
    assert "Line 3: no variant has this SKU." in refused.text
    assert [on_hand(shop, number) for number in ids] == [1, 1]

    form["lines"] = f"{skus[0]}, 5\n{skus[1]}\t7"
    assert browser.post(path, data=form).status_code == 303
    assert [on_hand(shop, number) for number in ids] == [6, 8]


def test_a_collection_that_cannot_be_narrows_no_stock_take(shop: Shop) -> None:
    a_shelf(shop, 10)

    page = at_the_desk(shop).get("/staff/stock/count", query_string={"collection": "2147483648"})

    assert page.status_code == 200
    assert 'name="units-' in page.text


def test_a_stock_take_shows_the_difference_before_it_is_written(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    form = {f"units-{variant_id}": "8", "csrf_token": token_of(browser, "/staff/stock/count")}

    compared = browser.post("/staff/stock/count", data=form)
    assert compared.status_code == 200
    assert "\u22122" in compared.text
    assert on_hand(shop, variant_id) == 10

    confirmed = form | {f"was-{variant_id}": "10", "confirm": "1"}
    assert browser.post("/staff/stock/count", data=confirmed).status_code == 303
    assert on_hand(shop, variant_id) == 8


def test_a_stock_take_is_compared_again_when_something_moved_meanwhile(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    token = token_of(browser, "/staff/stock/count")
    moved(browser, variant_id, kind="receive", quantity=5)
    form = {
        f"units-{variant_id}": "8",
        f"was-{variant_id}": "10",
        "confirm": "1",
        "csrf_token": token,
    }

    answer = browser.post("/staff/stock/count", data=form)

    assert answer.status_code == 409
    assert "Something moved" in answer.text
    assert on_hand(shop, variant_id) == 15


def test_a_number_that_nobody_can_read_stays_in_its_box(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    form = {f"units-{variant_id}": "eight", "csrf_token": token_of(browser, "/staff/stock/count")}

    answer = browser.post("/staff/stock/count", data=form)

    assert answer.status_code == 422
    assert 'value="eight"' in answer.text
    assert "Whole numbers from 0 will do." in answer.text
    assert "Count at least one shelf" not in answer.text


def test_a_count_of_nothing_is_asked_for_a_number(shop: Shop) -> None:
    variant_id, browser = a_shelf(shop, 10), at_the_desk(shop)
    form = {f"units-{variant_id}": "", "csrf_token": token_of(browser, "/staff/stock/count")}

    answer = browser.post("/staff/stock/count", data=form)

    assert answer.status_code == 422
    assert "Count at least one shelf first." in answer.text


def test_promises_name_their_orders(shop: Shop) -> None:
    variant_id, reader = a_variant(shop), shop.browser()
    thanks(reader, buy(shop, reader, variant_id))
    with shop.app.app_context():
        number = the_order().number

    page = at_the_desk(shop).get(f"/staff/stock/{variant_id}").text

    assert number in page
    assert "Paid, waits to be shipped" in page


def test_looks_narrow_the_list(shop: Shop) -> None:
    a_shelf(shop, 0, title="Gone tee")
    a_shelf(shop, 2, title="Low tee")
    a_shelf(shop, 20, title="Plenty tee")
    browser = at_the_desk(shop)

    def shown(view: str) -> list[str]:
        text = browser.get(f"/staff/stock/?view={view}").text
        return [name for name in ("Gone tee", "Low tee", "Plenty tee") if name in text]

    assert shown("out") == ["Gone tee"]
    assert shown("low") == ["Low tee"]
    assert shown("all") == ["Gone tee", "Low tee", "Plenty tee"]


def test_the_nightly_proof_is_told(shop: Shop) -> None:
    a_shelf(shop)
    with shop.app.app_context(), writing():
        assert prove(shop.clock).differences == 0
        db.session.flush()

    assert "every number is what its ledger says" in at_the_desk(shop).get("/staff/stock/").text
