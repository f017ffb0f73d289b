"""What staff let the shop say is said at once, and can be taken back."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.app import job_handlers
from store.jobs.outbox import due_row_ids, run_row
from store.staff.roles import Role
from tests.buying import a_variant, check_out, fill_cart, session_of
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/shop/"


def sent(browser: FlaskClient, path: str, page: str = PAGE, **form: object) -> TestResponse:
    return browser.post(path, data=form | {"csrf_token": token_of(browser, page)})


def work(shop: Shop) -> None:
    with shop.app.app_context():
        for row in due_row_ids(shop.clock.now()):
            run_row(row, job_handlers(shop.services), shop.clock)


def test_a_line_stands_above_every_page_until_it_is_emptied(shop: Shop) -> None:
    browser, reader = at_the_desk(shop, role=Role.EDITOR), shop.browser()
    sent(browser, f"{PAGE}notice", text="Late parcels <today>", link="/pages/shipping")
    assert "Late parcels &lt;today&gt;" in reader.get("/").text

    sent(browser, f"{PAGE}notice", text="", link="")

    assert "Late parcels" not in reader.get("/").text


@pytest.mark.parametrize("link", ["//evil.example", "javascript:alert(1)", "/\\evil", "http://x"])
def test_a_line_leads_to_no_dangerous_place(shop: Shop, link: str) -> None:
    answer = sent(at_the_desk(shop), f"{PAGE}notice", text="Kept words", link=link)

    assert answer.status_code == 422
    assert "Kept words" in answer.text


def test_in_a_closed_shop_nobody_pays_and_carts_are_kept(shop: Shop) -> None:
    variant_id, reader, browser = a_variant(shop), shop.browser(), at_the_desk(shop)
    until = (shop.clock.now() + timedelta(days=2)).astimezone(shop.services.settings.zone)
    sent(browser, f"{PAGE}closing", until=until.strftime("%Y-%m-%dT%H:%M"), words="Stock-take.")

    fill_cart(reader, variant_id)
    refused = check_out(reader)

    assert refused.status_code == 409
    assert "The shop is closed until" in refused.text
    assert "Stock-take. The shop is closed until" in reader.get("/").text
    assert "Late Edition tee" in reader.get("/cart").text


def test_a_closed_shop_opens_by_itself(shop: Shop) -> None:
    variant_id, reader, browser = a_variant(shop), shop.browser(), at_the_desk(shop)
    until = (shop.clock.now() + timedelta(hours=2)).astimezone(shop.services.settings.zone)
    sent(browser, f"{PAGE}closing", until=until.strftime("%Y-%m-%dT%H:%M"))
    fill_cart(reader, variant_id)

    shop.clock.move_to(shop.clock.now() + timedelta(hours=2, minutes=1))
    work(shop)

    assert session_of(check_out(reader))
    assert "The shop is closed" not in reader.get("/").text


def test_an_earlier_plan_does_not_open_what_was_closed_anew(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()
    until = (shop.clock.now() + timedelta(hours=2)).astimezone(shop.services.settings.zone)
    sent(browser, f"{PAGE}closing", until=until.strftime("%Y-%m-%dT%H:%M"))
    sent(browser, f"{PAGE}opening")
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))
    sent(browser, f"{PAGE}closing")

    shop.clock.move_to(shop.clock.now() + timedelta(hours=3))
    work(shop)

    assert "The shop is closed for now" in reader.get("/").text


def test_an_editor_cannot_close_the_shop(shop: Shop) -> None:
    assert sent(at_the_desk(shop, role=Role.EDITOR), f"{PAGE}closing").status_code == 403


def test_a_moment_that_is_over_closes_nothing(shop: Shop) -> None:
    answer = sent(at_the_desk(shop), f"{PAGE}closing", until="2020-01-01T10:00", words="Kept")

    assert answer.status_code == 422
    assert "That moment is over" in answer.text
    assert "2020-01-01T10:00" in answer.text
    assert "Kept" in answer.text


def test_a_page_is_previewed_then_saved_then_taken_back(shop: Shop) -> None:
    browser, reader = at_the_desk(shop), shop.browser()
    page = f"{PAGE}pages/returns"
    form = {"title": "Returns", "description": "", "body": "Sixty *days* at {{ brand }}."}

    preview = sent(browser, page, page, **form, preview="1")
    assert "Sixty <em>days</em> at Gay Nation" in preview.text
    assert "Sixty" not in reader.get("/pages/returns").text

    sent(browser, page, page, **form)
    assert "Sixty <em>days</em>" in reader.get("/pages/returns").text

    sent(browser, f"{page}/drop", page)
    assert "Sixty" not in reader.get("/pages/returns").text


def test_a_new_page_stands_at_its_address(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = {"slug": "size-guide", "title": "Sizes", "description": "", "body": "Small is *small*."}

    answer = sent(browser, f"{PAGE}pages/new", f"{PAGE}pages/new", **form)

    assert answer.headers["Location"] == f"{PAGE}pages/size-guide"
    assert "Small is <em>small</em>" in shop.browser().get("/pages/size-guide").text


def test_an_address_that_is_taken_is_refused_and_the_words_stay(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = {"slug": "returns", "title": "Again", "body": "Words <kept>."}

    answer = sent(browser, f"{PAGE}pages/new", f"{PAGE}pages/new", **form)

    assert answer.status_code == 422
    assert "A page has this address already." in answer.text
    assert "Words &lt;kept&gt;." in answer.text


def test_nothing_that_runs_comes_through_a_page(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = f"{PAGE}pages/about"
    form = {"title": "About", "body": "<script>alert(1)</script><img src=x onerror=alert(1)>"}

    sent(browser, page, page, **form)
    text = shop.browser().get("/pages/about").text

    assert "alert(1)" not in text
    assert "onerror" not in text
