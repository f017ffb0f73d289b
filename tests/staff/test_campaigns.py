"""Staff write campaigns: begun, saved, looked over, tried, thrown away, taken back."""

import re
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from store.database import db, writing
from store.mail.models import Message
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.staff.roles import Role
from tests.builders import a_product, aud
from tests.desk import as_read
from tests.shop import Shop
from tests.staff.campaign_forms import LIST, begun, opened, sent, the_campaign, written
from tests.staffing import at_the_desk, token_of

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def mug(shop: Shop) -> int:
    with shop.app.app_context(), writing():
        return a_product(shop.clock, handle="late-mug", title="Late mug", price=aud(24)).id


def mailed_to_staff(shop: Shop) -> Sequence[Message]:
    with shop.app.app_context():
        kind = Message.kind == "staff.campaign_test"
        return db.session.scalars(select(Message).where(kind).order_by(Message.id)).all()


def test_campaign_is_kept_as_it_was_typed(shop: Shop) -> None:
    browser = at_the_desk(shop, role=Role.EDITOR)

    page = written(browser, is_in_archive="1", section=["Sport"])

    kept = the_campaign(shop)
    assert (kept.subject, kept.topic) == ("Something new this week", "drops")
    assert (kept.slug, kept.sections) == ("something-new-this-week", ["Sport"])
    assert "Edited the campaign" in as_read(browser.get(page))
    assert "Something new this week" in browser.get(LIST).text


def test_two_campaigns_have_two_addresses_in_the_archive(shop: Shop) -> None:
    browser = at_the_desk(shop)
    for _time in range(2):
        written(browser, is_in_archive="1")

    with shop.app.app_context():
        slugs = db.session.scalars(select(Campaign.slug).order_by(Campaign.id)).all()
    assert slugs == ["something-new-this-week", "something-new-this-week-2"]


def test_whoever_saves_second_is_shown_both_versions(shop: Shop) -> None:
    browser, other = at_the_desk(shop), at_the_desk(shop)
    page = begun(browser)
    mine = opened(browser, page)
    sent(other, page, subject="Theirs")

    answer = sent(browser, page, subject="Mine", opened=mine["opened"])

    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert the_campaign(shop).subject == "Theirs"


def test_unknown_product_stands_beside_the_letter(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="Hello\n\n[[product:late-mug]]")

    text = browser.get(page).text

    beside = re.search(r'id="body_error">([^<]+)<', text)
    assert beside
    assert "No product that readers can see has the address “late-mug”" in beside[1]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "Give it a name"),
        ("per_minute", "0", "from 1 to 6000"),
        ("topic", "gossip", "Choose what it is about"),
        ("subject", "x" * 151, "under 150 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    shop: Shop, field: str, value: str, words: str
) -> None:
    browser = at_the_desk(shop)
    page = begun(browser)

    answer = sent(browser, page, "", **{field: value})

    assert answer.status_code == 422
    assert re.search(rf'id="{field}_error">[^<]*{words}', answer.text)


def test_card_of_a_product_is_found_and_put_in_without_a_script(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    page = begun(browser)

    found = sent(browser, page, act="find", find="late")
    put_in = sent(browser, page, act=f"card:{mug}", body="Hello")

    assert f'value="card:{mug}"' in found.text
    assert "Hello\n\n[[product:late-mug]]" in put_in.text


def test_sheet_shows_the_letter_and_may_do_nothing(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="Hello\n\n[[product:late-mug]]")

    wide, dark = browser.get(f"{page}/sheet"), browser.get(f"{page}/sheet?look=dark")
    text = browser.get(f"{page}/sheet?look=text")

    assert "Late mug" in wide.text
    assert "sandbox" in wide.headers["Content-Security-Policy"]
    assert "script" not in wide.headers["Content-Security-Policy"]
    assert "@media not all" in wide.text
    assert "@media all" in dark.text
    assert text.content_type.startswith("text/plain")
    assert "{{" not in wide.text + text.text


def test_what_is_typed_is_looked_over_and_kept(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = begun(browser)

    said = sent(browser, page, "/look", body="# Typed\n\n[x](/nowhere)")

    assert "No page of the shop has the address “/nowhere”" in said.text
    assert "Typed" in browser.get(f"{page}/sheet?kept=1").text
    assert "Typed" not in browser.get(f"{page}/sheet").text
    assert the_campaign(shop).body == ""


def test_checks_tell_size_subject_and_what_a_shoulder_reads(shop: Shop, mug: int) -> None:
    browser = at_the_desk(shop)
    page = written(browser, subject="Late mug and more", preview="", body="word " * 11_000)

    text = as_read(browser.get(page))

    assert "reads “Late mug” before the mail is opened" in text
    assert "Without a preview line" in text
    assert re.search(r"\d+ kB; mailboxes show", text)


def test_letter_that_mailboxes_would_clip_is_an_error_of_the_body(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser, body="&\n\n" * 12_000)

    assert re.search(r'id="body_error">[^<]*cuts off after 102 kB', browser.get(page).text)


def test_test_goes_to_oneself_with_what_is_typed(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = begun(browser)

    answer = sent(browser, page, "/test", body="# On trial")

    assert answer.status_code == 200
    (mail,) = mailed_to_staff(shop)
    assert mail.recipient.startswith("staff-")
    assert "On trial" in mail.text
    assert "{{" not in mail.text + mail.html
    assert the_campaign(shop).body == ""


def test_test_goes_to_nobody_who_does_not_work_here(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = begun(browser)

    answer = sent(browser, page, "/test", test_to="reader@example.org")

    assert answer.status_code == 422
    assert "Nobody here has reader@example.org" in as_read(answer)
    assert mailed_to_staff(shop) == []


def test_unfinished_letter_is_not_tried(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = begun(browser)

    answer = sent(browser, page, "/test", body="<b>bold</b>")

    assert answer.status_code == 422
    assert "mend first" in as_read(answer)
    assert mailed_to_staff(shop) == []


def test_edit_of_a_draft_is_taken_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    sent(browser, page, subject="Another")
    undo = re.search(r'action="(/staff/changes/\d+/undo[^"]*)"', browser.get(page).text)
    assert undo

    browser.post(undo[1], data={"csrf_token": token_of(browser, page)})

    assert the_campaign(shop).subject == "Something new this week"


def test_draft_is_thrown_away_and_nothing_else(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    token = {"csrf_token": token_of(browser, page)}
    with shop.app.app_context(), writing():
        db.session.get_one(Campaign, 1).state = CampaignState.SENT

    browser.post(f"{page}/delete", data=token)
    assert the_campaign(shop).state == "sent"

    with shop.app.app_context(), writing():
        db.session.get_one(Campaign, 1).state = CampaignState.DRAFT
    browser.post(f"{page}/delete", data=token)
    with shop.app.app_context():
        assert db.session.scalars(select(Campaign)).all() == []


def test_campaign_under_way_is_not_changed(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser)
    form = opened(browser, page)
    with shop.app.app_context(), writing():
        db.session.get_one(Campaign, 1).state = CampaignState.SENDING

    answer = browser.post(page, data={**form, "title": "x", "topic": "drops", "per_minute": "1"})

    assert answer.status_code == 303
    assert the_campaign(shop).title == "Spring drop"


def test_whoever_only_looks_writes_nothing(shop: Shop) -> None:
    page = written(at_the_desk(shop))
    browser = at_the_desk(shop, role=Role.ANALYST)
    token = token_of(browser, "/staff/account/")

    assert browser.get(page).status_code == 200
    assert browser.post(page, data={"csrf_token": token}).status_code == 403
    assert "New campaign" not in browser.get(LIST).text


def test_hostile_words_run_nowhere(shop: Shop) -> None:
    browser = at_the_desk(shop)
    page = written(browser, title=SCRIPT, subject=SCRIPT, preview=SCRIPT, body=f"{SCRIPT}\n\nx")

    for path in (LIST, page, f"{page}/preview", f"{page}/sheet"):
        assert SCRIPT not in browser.get(path).text, path


def test_signs_that_nobody_sees_are_left_out(shop: Shop) -> None:
    browser = at_the_desk(shop)
    unseen = "a\x07\u202eb"

    answer = sent(browser, begun(browser), body=unseen, section=[unseen], find=unseen)

    assert answer.status_code == 303
    assert (the_campaign(shop).body, the_campaign(shop).sections) == ("ab", ["ab"])
