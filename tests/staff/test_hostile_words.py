"""What anybody typed anywhere is words on every page of the desk, and words in every file of it."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from store.catalog.models import TaxClass
from store.content.writing_pages import PageDraft
from store.database import writing
from store.pricing.discounts import DiscountKind
from store.pricing.rates import RateKind
from store.pricing.tax import Taxes, TaxRule, TaxRules
from store.pricing.writing_discounts import DiscountWanted
from store.pricing.writing_rates import RateRow
from store.staff import branding, discounts, saying_to_readers, story_rules
from store.staff.audit import Actor
from store.staff.postage import save_rates
from store.staff.search_words import add_line
from store.staff.taxation import save_taxes
from store.staff.views.reports import REPORTS
from tests.builders import a_collection, a_product, aud
from tests.desk import Desk, bought
from tests.shop import Shop
from tests.staffing import a_member, at_the_desk

SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"=1+1 {SCRIPT}\"><img src=x onerror=alert(1)>{{{{ 7*7 }}}}'; DROP"
SHORT = HOSTILE[:40]
"""For what is called in few signs."""
BEGINS_A_FORMULA = re.compile(r"^[=+\-@\t\r](?!\d+(\.\d+)?$)")
LINK = re.compile(r'href="(/staff/[^"#]*)')
MOST_PAGES = 250


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    """The desk of a shop in which every text that can be typed is an attack."""
    services, clock = shop.services, shop.clock
    with shop.app.app_context(), writing():
        actor = Actor.of(a_member(clock, name=HOSTILE))
        tee = a_product(
            clock, title=HOSTILE, options={HOSTILE: [HOSTILE]}, product_type=HOSTILE, tags=[HOSTILE]
        )
        variant_id = tee.variants[0].id
        tee.vendor = tee.variants[0].sku = HOSTILE
        a_collection(clock, [tee], title=HOSTILE, handle="hostile")
        wanted = DiscountWanted(
            SHORT, "TEN", DiscountKind.PERCENT, "AUD", clock.now(), basis_points=100
        )
        discounts.save_new(wanted, actor, clock)
        saying_to_readers.say_notice(HOSTILE, "", actor, clock)
        page = PageDraft(HOSTILE, HOSTILE, HOSTILE)
        saying_to_readers.save_page("hostile", page, actor, clock)
        branding.save_brand({"tagline": HOSTILE}, actor, services)
        rule = story_rules.Rule(story_rules.RuleKind.QUIET, (HOSTILE,))
        story_rules.add(rule, actor, clock)
        add_line("<b>esky</b>, cool box", actor, clock)
        row = RateRow(SHORT, ("AU",), SHORT, aud(5), None, 1, 2, kind=RateKind.FLAT)
        save_rates([row], actor, services)
        tax = TaxRule(SHORT, "AU", (), TaxClass.STANDARD, 100_000)
        save_taxes(Taxes((tax,), TaxRules()), actor, services)
    number = bought(shop, variant_id, name=HOSTILE)
    Desk(shop).post(f"{number}/notes", text=HOSTILE)
    reader = shop.browser()
    reader.get("/products", query_string={"q": HOSTILE})
    tip = {"message": HOSTILE, "name": HOSTILE, "contact": HOSTILE}
    reader.post("/tips", data=tip, headers={"Sec-Fetch-Site": "same-origin"})
    return at_the_desk(shop)


def pages(browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """Walk the desk from link to link."""
    waiting, seen = ["/staff/"], {"/staff/"}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        answer = browser.get(path, buffered=True)
        assert answer.status_code < 400, path
        if answer.mimetype != "text/html":
            continue
        yield path, answer.text
        found = {unescape(link) for link in LINK.findall(answer.text)} - seen
        waiting.extend(sorted(found))
        seen |= found


def test_no_page_of_the_desk_runs_what_was_typed(browser: FlaskClient) -> None:
    shown = dict(pages(browser))

    assert [path for path, text in shown.items() if SCRIPT in text or "<img src=x" in text] == []
    told = [path for path, text in shown.items() if "&lt;script&gt;alert(1)" in text]
    for section in ("orders", "products", "discounts", "collections", "changes", "shop", "inbox"):
        assert [path for path in told if path.startswith(f"/staff/{section}/")], section
    assert [path for path, text in shown.items() if "49&#39;; DROP" in text] == []


@pytest.mark.parametrize(
    "path", ["reports/products.csv", "reports/variants.csv", "reports/collections.csv"]
)
def test_no_file_of_the_desk_begins_a_formula(browser: FlaskClient, path: str) -> None:
    answer = browser.get(f"/staff/{path}")

    assert answer.status_code == 200
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert [cell for cell in cells if SCRIPT in cell]
    assert [cell for cell in cells if BEGINS_A_FORMULA.match(cell)] == []


def test_no_report_at_all_begins_a_formula(browser: FlaskClient) -> None:
    files = {name: browser.get(f"/staff/reports/{name}.csv") for name in REPORTS}

    assert {name for name, file in files.items() if file.mimetype != "text/csv"} == set()
    begun = {
        (name, cell)
        for name, file in files.items()
        for row in csv.reader(io.StringIO(file.text))
        for cell in row
        if BEGINS_A_FORMULA.match(cell)
    }
    assert begun == set()
