"""A product that is news is offered to readers by a letter: on its page, on a list, on the home."""

from datetime import timedelta

import pytest

from store.database import writing
from store.staff.roles import Role
from tests.builders import a_product
from tests.desk import as_read
from tests.newsletter.campaigning import a_reader
from tests.shop import Shop
from tests.staff.campaign_forms import sent, the_campaign, written
from tests.staff.test_campaigns_sent import seen
from tests.staffing import at_the_desk, token_of

DROPS = "/staff/newsletter/drops"
TOMORROW = timedelta(days=1)


@pytest.fixture
def mug(shop: Shop) -> int:
    with shop.app.app_context(), writing():
        a_reader(shop)
        return a_product(shop.clock, handle="late-mug", title="Late mug").id


@pytest.fixture
def coming(shop: Shop) -> int:
    with shop.app.app_context(), writing():
        a_reader(shop)
        product = a_product(shop.clock, handle="soon-mug", title="Soon mug")
        product.published_at = shop.clock.now() + TOMORROW
        return product.id


def test_draft_with_the_card_is_one_button_away_from_the_product(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop, role=Role.EDITOR)
    page = f"/staff/products/{mug}"
    token = {"csrf_token": token_of(browser, page)}

    offered = browser.get(page).text
    answer = browser.post(f"{DROPS}/{mug}", data=token)

    assert f'action="{DROPS}/{mug}"' in offered
    assert answer.location.startswith("/staff/newsletter/")
    made = the_campaign(shop)
    assert (made.topic, made.state) == ("drops", "draft")
    assert "[[product:late-mug]]" in made.body
    assert "mug" not in made.subject


def test_what_a_letter_shows_is_offered_no_more(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    written(browser, body="[[product:late-mug]]")

    assert DROPS not in browser.get(f"/staff/products/{mug}").text
    assert "Everything new was told" in as_read(browser.get(DROPS))
    token = {"csrf_token": token_of(browser, "/staff/newsletter/")}
    assert browser.post(f"{DROPS}/{mug}", data=token).status_code == 303
    assert the_campaign(shop).title == "Spring drop"


def test_home_names_news_once_the_shop_writes_letters(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    before = as_read(browser.get("/staff/"))
    written(browser)

    after = as_read(browser.get("/staff/"))

    assert "new product that no letter shows" not in before
    assert "1 new product that no letter shows" in after
    assert "Late mug" in after


def test_old_product_is_no_news(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    written(browser)
    shop.clock.move_to(shop.clock.now() + timedelta(days=15))
    browser = at_the_desk(shop)

    assert "Everything new was told" in as_read(browser.get(DROPS))


def test_letter_of_what_appears_later_is_scheduled_for_after_it(shop: Shop, coming: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="Hello\n\n[[product:soon-mug]]")

    asked = as_read(browser.get(f"{page}/send"))
    shown = seen(browser, page)
    early = browser.post(f"{page}/schedule", data={**shown, "at": "2026-11-22T20:00"})
    now = browser.post(f"{page}/start", data=shown)
    later = browser.post(f"{page}/schedule", data={**shown, "at": "2026-11-24T09:00"})

    assert "It cannot be sent now" in asked
    assert "readers now" not in asked
    assert (early.status_code, now.status_code, later.status_code) == (409, 409, 303)
    assert the_campaign(shop).state == "scheduled"


def test_what_appears_later_is_seen_in_the_proof(shop: Shop, coming: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="[[product:soon-mug]]")

    assert "Soon mug" in browser.get(f"{page}/sheet").text
    assert (
        "is not in the shop yet" in sent(browser, page, "/look", body="[[product:soon-mug]]").text
    )


def test_campaign_that_cannot_begin_stands_on_the_home(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="Hello")
    browser.post(f"{page}/schedule", data={**seen(browser, page), "at": "2026-11-22T20:00"})
    shop.clock.move_to(shop.clock.now() + TOMORROW)

    text = as_read(at_the_desk(shop).get("/staff/"))

    assert "1 campaign that cannot begin" in text
