"""Staff say how tax is reckoned: looked at before it is saved, taken back, and tried out."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.catalog.models import TaxClass
from store.pricing.places import Place
from store.pricing.tax import taxes
from store.staff.roles import Role
from tests.buying import a_variant, fill_cart
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/tax/"
GST = {"country": "AU", "regions": "", "tax_class": "standard", "name": "GST", "rate": "10"}
NEW_YORK = {
    "country": "us",
    "regions": "New York",
    "tax_class": "",
    "name": "Sales",
    "rate": "8.875",
}


def sent(browser: FlaskClient, *rules: dict[str, str], **more: str) -> TestResponse:
    form = {f"{name}-{n}": text for n, rule in enumerate(rules) for name, text in rule.items()}
    form |= {"included": "yes", "rounding": "line", "csrf_token": token_of(browser, PAGE)}
    return browser.post(PAGE, data=form | more)


def rate_of(shop: Shop, place: Place) -> str:
    with shop.app.app_context():
        rate = taxes(shop.services.settings).rate(place, TaxClass.STANDARD)
        return rate.label if rate else "none"


def test_saved_rules_are_what_carts_reckon_with(shop: Shop) -> None:
    browser = at_the_desk(shop)

    assert sent(browser, GST, NEW_YORK, included="no").status_code == 303

    assert rate_of(shop, Place.of("US", "NY")) == "Sales 8.875 %"
    assert rate_of(shop, Place("AU")) == "GST 10 %"
    reader = shop.browser()
    fill_cart(reader, a_variant(shop))
    assert "GST 10 %" in reader.get("/cart").text


def test_a_preview_saves_nothing_and_keeps_what_was_typed(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = sent(browser, GST | {"rate": "12.5"}, included="no", act="preview").text

    assert "What would change" in page
    assert "$112.50" in page
    assert "Consumer law" in page
    assert 'value="12.5"' in page
    assert rate_of(shop, Place("AU")) == "GST 10 %"


def test_faults_stand_in_their_cells(shop: Shop) -> None:
    browser = at_the_desk(shop)

    answer = sent(browser, GST | {"rate": "ten"}, GST | {"name": ""}, **{"code-reduced": "food"})

    assert answer.status_code == 422
    for words in ("Write a per cent", "Say what receipts call it", "look like txcd_"):
        assert words in answer.text


def test_rules_that_contradict_themselves_are_refused(shop: Shop) -> None:
    browser = at_the_desk(shop)

    answer = sent(browser, GST, GST, GST | {"country": "XX"}, NEW_YORK | {"regions": "Ontario"})

    assert answer.status_code == 422
    for words in ("Another rule says this", "code of two letters", "no such part"):
        assert words in answer.text


def test_the_tax_is_taken_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    sent(browser, GST | {"rate": "25"})
    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(PAGE).text)
    assert entry

    form = {"back": PAGE, "csrf_token": token_of(browser, PAGE)}
    browser.post(f"/staff/changes/{entry[1]}/undo", data=form)

    assert rate_of(shop, Place("AU")) == "GST 10 %"


def test_a_parcel_is_tried_out_with_the_reason(shop: Shop) -> None:
    page = at_the_desk(shop).get(PAGE, query_string={"country": "AU", "value": "45"}).text

    assert "The zone holds all of the country." in page
    assert "GST 10 %" in page
    assert "$53.95" in page


def test_whoever_packs_does_not_see_it(shop: Shop) -> None:
    assert at_the_desk(shop, role=Role.FULFILMENT).get(PAGE).status_code == 403


def test_product_pages_say_whether_tax_is_in_the_price(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()
    a_variant(shop, handle="tee")
    assert "GST included" in reader.get("/products/tee").text

    sent(browser, GST, included="no")

    page = reader.get("/products/tee").text
    assert "plus GST" in page
    assert "GST included" not in page
    assert '"valueAddedTaxIncluded": false' in page or '"valueAddedTaxIncluded":false' in page


def test_the_feed_lists_whole_prices_where_its_country_wants_them(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()
    a_variant(shop)

    sent(browser, GST, included="no")

    assert "<g:price>49.50 AUD</g:price>" in reader.get("/feeds/google.xml").text
