"""Staff set what sending costs; a table that contradicts itself is refused cell by cell."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.database import writing
from store.pricing.places import Place
from store.pricing.rates import Parcel
from store.pricing.shipping import groups, quote
from tests.builders import a_product, aud
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/shipping/"
ROW = {
    "zone": "Home",
    "countries": "AU",
    "name": "Post",
    "price": "9.50",
    "free_over": "100",
    "min_days": "2",
    "max_days": "5",
}


def sent(browser: FlaskClient, *rows: dict[str, str]) -> TestResponse:
    form = {f"{name}-{n}": value for n, row in enumerate(rows) for name, value in row.items()}
    return browser.post(PAGE, data=form | {"csrf_token": token_of(browser, PAGE)})


def price_to(shop: Shop, country: str) -> str:
    with shop.app.app_context():
        found = quote(Place(country), Parcel(aud(20)), among=groups(shop.services.settings))
        return str(found.chosen.price.minor) if found.chosen else "none"


def test_a_saved_table_is_what_carts_reckon_with(shop: Shop) -> None:
    browser = at_the_desk(shop)
    world = ROW | {"zone": "World", "countries": "*", "price": "30"}

    assert sent(browser, ROW, world).status_code == 303

    assert (price_to(shop, "AU"), price_to(shop, "FR")) == ("950", "3000")


def test_the_table_that_ships_saved_as_it_is_changes_no_price(shop: Shop) -> None:
    browser = at_the_desk(shop)
    before = [price_to(shop, country) for country in ("AU", "NZ", "JP", "FR")]
    found = re.findall(r'name="(\w+-\d+)"[^>]*?value="([^"]*)"', browser.get(PAGE).text, re.DOTALL)

    form = dict(found) | {"csrf_token": token_of(browser, PAGE)}
    assert browser.post(PAGE, data=form).status_code == 303

    assert [price_to(shop, country) for country in ("AU", "NZ", "JP", "FR")] == before


def test_an_empty_table_brings_back_the_one_that_ships(shop: Shop) -> None:
    browser = at_the_desk(shop)
    before = price_to(shop, "AU")
    sent(browser, ROW)

    sent(browser, dict.fromkeys(ROW, ""))

    assert price_to(shop, "AU") == before


def test_faults_stand_in_their_cells_and_nothing_is_lost(shop: Shop) -> None:
    browser = at_the_desk(shop)
    answer = sent(
        browser,
        ROW | {"price": "dear", "min_days": "soon"},
        ROW | {"zone": "Other", "countries": "AU", "max_days": "1"},
    )

    assert answer.status_code == 422
    assert "Write an amount such as 8.95." in answer.text
    assert "Working days, as a number." in answer.text
    assert 'value="dear"' in answer.text


def test_a_table_that_contradicts_itself_is_refused(shop: Shop) -> None:
    browser = at_the_desk(shop)
    answer = sent(
        browser,
        ROW,
        ROW | {"zone": "Other"},
        ROW | {"zone": "Nowhere", "countries": "XX", "max_days": "1"},
    )

    assert answer.status_code == 422
    for words in ("one zone only", "codes of two letters", "less than the first"):
        assert words in answer.text


def test_rates_are_taken_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    before = price_to(shop, "AU")
    sent(browser, ROW)
    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(PAGE).text)
    assert entry

    form = {"back": PAGE, "csrf_token": token_of(browser, PAGE)}
    browser.post(f"/staff/changes/{entry[1]}/undo", data=form)

    assert price_to(shop, "AU") == before


def test_parts_steps_and_pick_up_are_written_and_shown_again(shop: Shop) -> None:
    browser = at_the_desk(shop)
    west = ROW | {"zone": "West", "regions": "Western Australia, 08*", "kind": "weight"}
    counter = ROW | {
        "name": "Counter",
        "kind": "pickup",
        "price": "",
        "pickup_address": "Oxford St",
    }

    assert sent(browser, ROW, counter, west | {"price": "500: 8.95, *: 12"}).status_code == 303

    page = browser.get(PAGE).text
    for shown in ("WA, 08*", "500: 8.95, *: 12.00", "Oxford St"):
        assert f'value="{shown}"' in page


def test_steps_and_parts_that_make_no_sense_keep_their_text(shop: Shop) -> None:
    browser = at_the_desk(shop)

    answer = sent(browser, ROW | {"kind": "weight", "price": "some: 8"})
    twice = sent(browser, ROW | {"regions": "Ontario"}, ROW | {"kind": "pickup", "price": "0"})

    assert (answer.status_code, twice.status_code) == (422, 422)
    assert "Write steps such as" in answer.text
    assert 'value="some: 8"' in answer.text
    for words in ("no such part", "Say where it is picked up."):
        assert words in twice.text


def test_a_box_says_what_a_parcel_costs_and_why(shop: Shop) -> None:
    browser = at_the_desk(shop)
    sent(browser, ROW, ROW | {"zone": "West", "regions": "WA", "price": "20", "free_over": ""})

    tried = {"country": "AU", "region": "WA", "value": "45"}
    page = browser.get(PAGE, query_string=tried).text
    unsaid = browser.get(PAGE, query_string=tried | {"region": ""}).text
    wrong = browser.get(PAGE, query_string=tried | {"postcode": "20100"}).text

    assert "The zone names its state" in page
    assert "$65.00" in page
    assert "give the state" in unsaid
    assert "One looks like 2010." in wrong


def test_staff_are_told_what_has_no_weight(shop: Shop) -> None:
    browser = at_the_desk(shop)
    with shop.app.app_context(), writing():
        product = a_product(shop.clock)
        product.variants[0].weight_grams = 0
    sent(browser, ROW | {"kind": "weight", "price": "*: 9"})

    assert "One variant on sale has no weight" in browser.get(PAGE).text
