"""Looking changes nothing: whatever page an owner opens, every row is the same afterwards."""

import pytest

from store.database import writing
from tests.builders import a_collection, a_product
from tests.desk import Desk, bought
from tests.newsletter.signing_up import ask
from tests.newsletter.test_scanners import everything_kept
from tests.shop import Shop
from tests.staff.addresses import address_of
from tests.staff.test_hostile_words import pages
from tests.staff.test_permissions import methods_of, rules
from tests.staffing import at_the_desk


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop in which there is something to look at in most sections."""
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock)
        variant_id = tee.variants[0].id
        a_collection(shop.clock, [tee], title="Tees", handle="tees")
    number = bought(shop, variant_id)
    Desk(shop).post(f"{number}/notes", text="A regular")
    reader = shop.browser()
    tip = {"message": "The pool closes", "name": "", "contact": ""}
    reader.post("/tips", data=tip, headers={"Sec-Fetch-Site": "same-origin"})
    with shop.app.app_context():
        ask(shop)
    return shop


@pytest.mark.slow
def test_walking_the_desk_from_link_to_link_changes_nothing(busy: Shop) -> None:
    browser = at_the_desk(busy)
    with busy.app.app_context():
        before = everything_kept()

    shown = [path for path, _ in pages(browser)]

    with busy.app.app_context():
        assert everything_kept() == before
    assert len(shown) > 60


@pytest.mark.slow
@pytest.mark.parametrize("argument", [1, 999_999])
def test_no_address_of_the_desk_is_a_deed_by_get(busy: Shop, argument: int) -> None:
    """Also what no page links to: an address that only a form leads to, typed by hand."""
    browser = at_the_desk(busy)
    asked = [address_of(rule, argument) for rule in rules(busy) if "GET" in methods_of(rule)]
    with busy.app.app_context():
        before = everything_kept()

    for path in asked:
        browser.get(path, buffered=True)
        browser.head(path, buffered=True)

    with busy.app.app_context():
        assert everything_kept() == before
    assert len(asked) > 60
