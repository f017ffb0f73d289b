"""Staff make discounts, try them on past orders first, stop them, and see what they gave."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from store.database import db
from store.pricing.discounts import DiscountKind
from store.pricing.models import Discount
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.builders import aud
from tests.buying import a_variant, check_out, fill_cart, session_of, thanks
from tests.discounts import a_discount, apply
from tests.shop import Shop
from tests.staff.product_forms import fields_of
from tests.staffing import at_the_desk, token_of

NEW = "/staff/discounts/new"


def opened(browser: FlaskClient, path: str) -> MultiDict[str, str]:
    return fields_of(browser.get(path).text, "discount")


def fill(form: MultiDict[str, str], typed: dict[str, str]) -> None:
    for name, text in typed.items():
        form[name] = text


def sent(browser: FlaskClient, path: str, form: MultiDict[str, str]) -> TestResponse:
    """Send the form, look at what it would have done, and save it."""
    tried = browser.post(path, data=form)
    assert tried.status_code == 200, words(tried)
    return browser.post(path, data=fields_of(tried.text, "discount"))


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def the_discount(shop: Shop) -> Discount:
    with shop.app.app_context():
        db.session.rollback()
        return db.session.scalars(select(Discount)).one()


def an_order(shop: Shop, code: str = "", *, quantity: int = 1) -> None:
    reader = shop.browser()
    fill_cart(reader, a_variant(shop), quantity)
    if code:
        apply(reader, code)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    thanks(reader, session_id)


def test_new_discount_is_tried_on_past_orders_before_it_is_saved(shop: Shop) -> None:
    an_order(shop)
    an_order(shop, quantity=3)
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    fill(form, {"name": "Fifty off", "kind": "amount", "amount": "50", "code": "FIFTY"})

    tried = browser.post(NEW, data=form)

    said = words(tried)
    assert tried.status_code == 200
    assert "2 orders" in said
    assert "$95.00" in said
    assert "$45.00 off $53.95, which is 83%; $8.95 would have been left" in said
    assert "Lines sold for nothing 1" in said
    with shop.app.app_context():
        assert db.session.scalars(select(Discount)).all() == []
    saved = browser.post(NEW, data=fields_of(tried.text, "discount"))
    assert saved.status_code == 303
    assert the_discount(shop).amount_minor == 5_000


def test_what_was_tried_is_what_is_saved(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    fill(form, {"name": "Ten", "percent": "10", "code": "TEN"})
    tried = fields_of(browser.post(NEW, data=form).text, "discount")
    tried["percent"] = "90"

    answer = browser.post(NEW, data=tried)

    assert answer.status_code == 200
    assert "Not saved yet" in answer.text
    with shop.app.app_context():
        assert db.session.scalars(select(Discount)).all() == []


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": ""}, "Give it a name"),
        ({"code": ""}, "Say the code that readers type"),
        ({"code": "TWO WORDS"}, "One word of at most 40 characters"),
        ({"percent": "0"}, "Write a percentage above 0"),
        ({"percent": "100.01"}, "Write a percentage above 0"),
        ({"kind": "amount", "amount": "-3"}, "Write an amount above zero"),
        ({"minimum": "lots"}, "Write an amount above zero"),
        ({"most_in_all": "0"}, "Write a whole number above 0"),
        ({"starts_at": "2026-12-02T09:00", "ends_at": "2026-12-01T09:00"}, "ends before it begins"),
        ({"scope": "products"}, "Choose at least one"),
        ({"given_by": "automatic", "most_per_reader": "1"}, "Only a code can count by person"),
    ],
)
def test_wrong_field_is_named_and_everything_typed_stays(
    shop: Shop, typed: dict[str, str], error: str
) -> None:
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    fill(form, {"name": "Kept as typed", "percent": "10", "code": "TEN"} | typed)

    answer = browser.post(NEW, data=form)

    assert answer.status_code == 422
    assert error in answer.text
    assert typed.get("name", "Kept as typed") in answer.text


def test_code_of_another_is_refused_in_any_case(shop: Shop) -> None:
    a_discount(shop, "WELCOME10")
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    fill(form, {"name": "Another", "percent": "10", "code": "welcome10"})

    answer = sent(browser, NEW, form)

    assert answer.status_code == 422
    assert "Another discount has this code" in answer.text


def test_discount_is_edited_and_the_edit_taken_back(shop: Shop) -> None:
    discount_id = a_discount(shop)
    browser, page = at_the_desk(shop), f"/staff/discounts/{discount_id}"
    form = opened(browser, page)
    form["percent"] = "25"

    assert sent(browser, page, form).status_code == 303

    assert the_discount(shop).basis_points == 2_500
    with shop.app.app_context():
        entry_id = db.session.scalars(
            select(AuditEntry.id).where(AuditEntry.act == "discount.edited")
        ).one()
    undone = browser.post(
        f"/staff/changes/{entry_id}/undo", data={"csrf_token": form["csrf_token"], "back": page}
    )
    assert undone.status_code == 303
    assert the_discount(shop).basis_points == 1_000


def test_a_new_end_needs_no_trial(shop: Shop) -> None:
    discount_id = a_discount(shop)
    browser, page = at_the_desk(shop), f"/staff/discounts/{discount_id}"
    form = opened(browser, page)
    form["ends_at"] = "2026-12-24T12:00"

    assert browser.post(page, data=form).status_code == 303

    assert the_discount(shop).ends_at is not None


def test_who_saves_second_is_told(shop: Shop) -> None:
    discount_id = a_discount(shop)
    browser, page = at_the_desk(shop), f"/staff/discounts/{discount_id}"
    form = opened(browser, page)
    first = opened(browser, page)
    first["name"] = "Theirs"
    browser.post(page, data=first)
    form["name"] = "Mine"

    answer = browser.post(page, data=form)

    assert answer.status_code == 409
    assert "Somebody else saved it meanwhile" in answer.text
    assert 'value="Mine"' in answer.text


def test_limit_never_falls_below_its_uses(shop: Shop) -> None:
    discount_id = a_discount(shop)
    an_order(shop, "WELCOME10")
    an_order(shop, "WELCOME10")
    browser, page = at_the_desk(shop), f"/staff/discounts/{discount_id}"
    form = opened(browser, page)
    form["most_in_all"] = "1"

    answer = sent(browser, page, form)

    assert answer.status_code == 422
    assert "2 orders have it already" in answer.text


def test_stopped_discount_is_over_until_it_goes_on(shop: Shop) -> None:
    discount_id = a_discount(shop)
    browser, page = at_the_desk(shop), f"/staff/discounts/{discount_id}"
    token = token_of(browser, page)

    browser.post(f"{page}/activity", data={"csrf_token": token, "active": "0"})

    assert "Welcome" in browser.get("/staff/discounts/?look=over").text
    assert "Welcome" not in browser.get("/staff/discounts/").text
    browser.post(f"{page}/activity", data={"csrf_token": token, "active": "1"})
    assert "Welcome" in browser.get("/staff/discounts/").text


def test_list_tells_what_runs_from_what_comes(shop: Shop) -> None:
    a_discount(shop, name="Runs")
    a_discount(shop, "SOON", name="Comes", starts_at=shop.clock.now() + timedelta(days=1))
    browser = at_the_desk(shop)

    running = browser.get("/staff/discounts/").text
    coming = browser.get("/staff/discounts/?look=coming").text

    assert "Runs" in running
    assert "Comes" not in running
    assert "Comes" in coming


def test_copy_wants_a_code_of_its_own(shop: Shop) -> None:
    discount_id = a_discount(shop)
    browser = at_the_desk(shop)

    form = opened(browser, f"{NEW}?of={discount_id}")

    assert (form["name"], form["percent"], form["code"]) == ("Welcome", "10", "")


def test_order_report_and_discount_tell_of_each_other(shop: Shop) -> None:
    discount_id = a_discount(shop)
    an_order(shop, "WELCOME10")
    browser = at_the_desk(shop)

    page = browser.get(f"/staff/discounts/{discount_id}").text
    number = re.search(r"/staff/orders/([A-Z0-9-]+)", page)
    assert number is not None
    sheet = browser.get(f"/staff/orders/{number[1]}").text
    report = browser.get("/staff/reports/discounts").text
    file = browser.get("/staff/reports/discounts.csv").text

    assert "It gave $4.50." in page
    assert "Welcome" in sheet
    assert "code WELCOME10" in sheet
    assert "Welcome" in report
    assert "Welcome,WELCOME10,1,4.50,49.45" in file


def test_free_shipping_is_tried_on_what_parcels_cost(shop: Shop) -> None:
    an_order(shop)
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    fill(form, {"name": "Post", "kind": DiscountKind.FREE_SHIPPING, "code": "POST"})

    assert "$8.95 off $53.95" in words(browser.post(NEW, data=form))


def test_products_are_put_in_by_their_titles(shop: Shop) -> None:
    a_variant(shop, title="Fine mug", price=aud(20))
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    form["find"] = "mug"
    found = browser.post(NEW, data=MultiDict([*form.items(multi=True), ("act", "find")]))
    add = re.search(r'value="(add:\d+)"', found.text)
    assert add is not None

    put_in = browser.post(NEW, data=MultiDict([*form.items(multi=True), ("act", add[1])]))

    form = fields_of(put_in.text, "discount")
    assert form["scope"] == "products"
    fill(form, {"name": "Mugs", "percent": "10", "code": "MUGS"})
    assert sent(browser, NEW, form).status_code == 303
    assert the_discount(shop).scope == "products"


@pytest.mark.parametrize(("role", "may"), [(Role.ANALYST, 403), (Role.EDITOR, 403)])
def test_who_may_look_may_not_change(shop: Shop, role: Role, may: int) -> None:
    discount_id = a_discount(shop)
    browser = at_the_desk(shop, role=role)

    assert browser.get(f"/staff/discounts/{discount_id}").status_code == 200
    assert browser.get(NEW).status_code == may
