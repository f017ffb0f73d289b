"""Staff send campaigns: the number stated, begun or scheduled, paused, let go on, cancelled."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.app import STAFF
from store.database import db, writing
from store.newsletter.campaigns.models import Campaign, Delivery, DeliveryState
from store.newsletter.campaigns.starting import begin_due, fill
from store.staff.audit import Thing, history
from store.staff.models import StaffSession
from store.staff.roles import Role
from tests.desk import as_read
from tests.newsletter.campaigning import a_reader
from tests.shop import Shop
from tests.staff.campaign_forms import sent, the_campaign, written
from tests.staffing import at_the_desk, token_of


@pytest.fixture
def readers(shop: Shop) -> int:
    """Three who want everything, and one who wants sales alone."""
    with shop.app.app_context(), writing():
        for name in ("river", "sky", "robin"):
            a_reader(shop, f"{name}@example.org", section="Sport" if name == "sky" else "")
        a_reader(shop, "sam@example.org", topics=["sales"])
    return 3


def seen(browser: FlaskClient, page: str) -> dict[str, str]:
    """Return what the page that sends a campaign states."""
    text = browser.get(f"{page}/send").text
    names = ("csrf_token", "version", "number")
    found = [re.search(rf'name="{name}"[^>]*value="([^"]*)"', text) for name in names]
    return {name: match[1] for name, match in zip(names, found, strict=True) if match}


def press(browser: FlaskClient, page: str, act: str, **form: str) -> TestResponse:
    token = token_of(browser, page)
    return browser.post(f"{page}/{act}", data={"csrf_token": token, **form})


def started(shop: Shop, browser: FlaskClient) -> str:
    page = written(browser)
    assert browser.post(f"{page}/start", data=seen(browser, page)).status_code == 303
    with shop.app.app_context():
        while fill(1, shop.services):
            pass
    return page


def test_number_of_readers_is_stated_and_sent_to(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop, role=Role.MANAGER)
    page = written(browser)

    asked = browser.get(f"{page}/send")
    browser.post(f"{page}/start", data=seen(browser, page))

    assert "Send it to 3 readers now" in as_read(asked)
    assert the_campaign(shop).state == "sending"
    assert the_campaign(shop).sent_subject == "Something new this week"
    with shop.app.app_context():
        entry = history(Thing("campaign", "1"))[0]
    assert (entry.act, entry.after) == ("campaign.started", {"number": 3})


def test_segment_is_counted_while_it_is_chosen(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser)

    everybody = sent(browser, page, "/look")
    some = sent(browser, page, "/look", section=["Sport"])
    sales = sent(browser, page, "/look", topic="sales")

    assert "Goes to 3 readers." in everybody.text
    assert "Goes to 1 reader." in some.text
    assert "Goes to 4 readers." in sales.text


def test_another_number_than_was_stated_is_asked_again(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    shown = seen(browser, page)
    with shop.app.app_context(), writing():
        a_reader(shop, "new@example.org")

    answer = browser.post(f"{page}/start", data=shown)

    assert answer.status_code == 409
    assert "Send it to 4 readers now" in as_read(answer)
    assert the_campaign(shop).state == "draft"


def test_another_letter_than_was_shown_is_asked_again(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    shown = seen(browser, page)
    sent(at_the_desk(shop), page, subject="Another")

    assert browser.post(f"{page}/start", data=shown).status_code == 409
    assert the_campaign(shop).state == "draft"


def test_unfinished_letter_is_not_offered_to_be_sent(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="[[product:nothing]]")

    text = as_read(browser.get(f"{page}/send"))

    assert "It cannot be sent as it stands" in text
    assert "Send it to" not in text


def test_scheduled_campaign_begins_by_the_clock_of_the_shop(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser)

    browser.post(f"{page}/schedule", data={**seen(browser, page), "at": "2026-11-23T09:00"})

    assert "23 November 2026, 9:00 am" in as_read(browser.get(page))
    with shop.app.app_context():
        assert begin_due(shop.services) == 0
        shop.clock.move_to(shop.clock.now() + timedelta(days=1))
        assert begin_due(shop.services) == 1


@pytest.mark.parametrize("at", ["", "soon", "2026-11-22T09:00", "9999-99-99T00:00"])
def test_no_moment_or_one_that_is_over_is_refused(shop: Shop, readers: int, at: str) -> None:
    browser = at_the_desk(shop)
    page = written(browser)

    answer = browser.post(f"{page}/schedule", data={**seen(browser, page), "at": at})

    assert answer.status_code == 422
    assert the_campaign(shop).state == "draft"


def test_scheduled_campaign_is_taken_back_to_draft(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    browser.post(f"{page}/schedule", data={**seen(browser, page), "at": "2026-11-23T09:00"})

    press(browser, page, "unschedule")

    assert the_campaign(shop).state == "draft"
    assert sent(browser, page, subject="Another").status_code == 303


def test_product_withdrawn_before_its_campaign_is_named_on_its_page(
    shop: Shop, readers: int
) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    browser.post(f"{page}/schedule", data={**seen(browser, page), "at": "2026-11-23T09:00"})
    with shop.app.app_context(), writing():
        db.session.get_one(Campaign, 1).body = "[[product:gone]]"

    assert "It will not begin as it stands" in as_read(browser.get(page))


def test_campaign_is_paused_goes_on_and_is_cancelled(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = started(shop, browser)

    press(browser, page, "pause")
    assert the_campaign(shop).state == "paused"
    press(browser, page, "resume")
    assert the_campaign(shop).state == "sending"
    press(browser, page, "pause")
    press(browser, page, "cancel")
    assert the_campaign(shop).state == "cancelled"
    press(browser, page, "resume")
    assert the_campaign(shop).state == "cancelled"
    with shop.app.app_context():
        acts = [entry.act.partition(".")[2] for entry in history(Thing("campaign", "1"))]
    assert acts[:4] == ["cancelled", "paused", "resumed", "paused"]


def test_progress_counts_by_state_and_tells_what_mailboxes_said(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = started(shop, browser)
    with shop.app.app_context(), writing():
        one, other, _third = db.session.scalars(select(Delivery).order_by(Delivery.id))
        one.state, one.sent_at = DeliveryState.SENT, shop.clock.now()
        other.state, other.answer = DeliveryState.REFUSED, "550 5.1.1 no such user"

    text = as_read(browser.get(page))
    live = as_read(browser.get(f"{page}/tally"))

    for words in ("Waiting 1", "Sent 1", "Refused 1", "550 5.1.1 no such user"):
        assert words in text
        assert words in live


def test_whoever_writes_may_not_send(shop: Shop, readers: int) -> None:
    page = written(at_the_desk(shop))
    editor = at_the_desk(shop, role=Role.EDITOR)

    assert editor.get(f"{page}/send").status_code == 403
    assert press(editor, page, "start", version="2", number="3").status_code == 403
    assert "Send it" not in as_read(editor.get(page))


def test_sending_asks_anew_who_it_is(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    shown = seen(browser, page)
    with shop.app.extensions[STAFF].app.app_context(), writing():
        for session in db.session.scalars(select(StaffSession)):
            session.factor_at = shop.clock.now() - timedelta(hours=1)

    answer = browser.post(f"{page}/start", data=shown)

    assert answer.status_code == 303
    assert "/staff/verify" in answer.location
    assert the_campaign(shop).state == "draft"


def test_what_was_sent_is_put_into_the_archive_and_taken_out(shop: Shop, readers: int) -> None:
    browser = at_the_desk(shop)
    page = started(shop, browser)
    reader = shop.browser()

    press(browser, page, "archive", slug="Spring!")
    assert reader.get("/newsletter/archive/spring").status_code == 200
    press(browser, page, "archive")
    assert reader.get("/newsletter/archive/spring").status_code == 404
    assert "Changed whether the campaign stands in the archive" in as_read(browser.get(page))


def test_draft_is_not_put_into_the_archive(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser)

    assert press(browser, page, "archive", slug="spring").status_code == 409
    assert the_campaign(shop).slug is None
