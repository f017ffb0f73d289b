"""Staff word the mails of readers: looked at, tried on themselves, saved, and taken back."""

import re
from dataclasses import astuple
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.database import writing
from store.staff.roles import Role
from store.staff.sample_mails import MAILS
from tests.builders import a_product
from tests.buying import a_variant, buy, deliver, mails
from tests.desk import as_read
from tests.newsletter.signing_up import ask
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

LIST = "/staff/wording/"
CONFIRMED = f"{LIST}orders/confirmed"
INVITATION = f"{LIST}newsletter/invitation"
WORDS = {
    "subject": "{{ sender }}: {{ number }} is ours to pack",
    "opening": "We have **your order**.\n\n- Nothing to do\n- [Returns](/pages/returns)",
    "closing": "Yours, {{ brand }}. <b>Bye</b>",
}


def sent(browser: FlaskClient, path: str = CONFIRMED, **form: str) -> TestResponse:
    return browser.post(path, data=form | {"csrf_token": token_of(browser, CONFIRMED)})


def in_full(answer: TestResponse) -> str:
    """Return a page with what stands in its fields, each space one space."""
    return " ".join(unescape(answer.text).split())


def the_mail(shop: Shop, kind: str) -> tuple[str, str, str, str]:
    with shop.app.app_context():
        mail = mails(kind)[-1]
        return mail.recipient, mail.subject, mail.text, mail.html


def test_both_parts_of_the_next_mail_say_what_was_saved(shop: Shop) -> None:
    assert sent(at_the_desk(shop, role=Role.MANAGER), **WORDS).status_code == 303
    buy(shop, shop.browser(), a_variant(shop))
    deliver(shop)

    _to, subject, text, html = the_mail(shop, "orders.confirmed")

    assert re.fullmatch(r"GN Store: GN-\S+ is ours to pack", subject)
    assert "We have your order." in text
    assert "- Returns (http://localhost/pages/returns)" in text
    assert re.search(r"<strong[^>]*>your order</strong>", html)
    assert re.search(r'<a href="http://localhost/pages/returns"[^>]*>Returns</a>', html)
    assert "Yours, Gay Nation. &lt;b&gt;Bye&lt;/b&gt;" in html
    assert "Yours, Gay Nation. <b>Bye</b>" in text


def test_what_a_mail_cannot_do_without_stays_whatever_it_says(shop: Shop) -> None:
    browser = at_the_desk(shop)
    for path in (CONFIRMED, INVITATION):
        sent(browser, path, subject="Hello", opening="", closing="")
    buy(shop, shop.browser(), a_variant(shop))
    deliver(shop)
    with shop.app.app_context():
        ask(shop, "reader@example.org")

    receipt = the_mail(shop, "orders.confirmed")
    invitation = the_mail(shop, "newsletter.invitation")

    for part in receipt[2:]:
        assert "/orders/GN-" in part
        assert "Total" in part
    for part in invitation[2:]:
        assert "/newsletter/confirm/" in part
        assert "You are not on the list." in part


@pytest.mark.parametrize("template", sorted(MAILS))
def test_every_mail_can_be_worded_and_shows_what_ships(shop: Shop, template: str) -> None:
    browser, mail = at_the_desk(shop), MAILS[template]
    page = in_full(browser.get(LIST + template))
    assert "field--wrong" not in page

    for words in astuple(mail.shipped):
        assert " ".join(words.split()) in page
    assert "As it came" in page

    form = dict(zip(("subject", "opening", "closing"), astuple(mail.shipped), strict=True))
    assert sent(browser, LIST + template, **form).status_code == 303
    assert "Nobody changed it yet." in browser.get(LIST + template).text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("subject", "", "A mail needs a subject."),
        ("subject", "  \u2028 ", "A mail needs a subject."),
        ("subject", "x" * 151, "Keep it under 150 characters."),
        ("subject", "Order {{ nmuber }}", "{{ nmuber }} is no name that this mail knows."),
        ("opening", "Order {number}", "{number} is no name that this mail knows."),
        ("closing", "By {{ carrier }}", "It knows {{ number }}, {{ brand }}"),
        ("opening", "[x](pages/returns)", "Write a link as"),
        ("opening", "[x](javascript:alert(1))", "Write a link as"),
        ("closing", "[x]({{ store }}/cart)", "Write a link as"),
        ("closing", "y" * 3001, "Keep it under 3000 characters."),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field_and_kept(
    shop: Shop, field: str, typed: str, said: str
) -> None:
    browser = at_the_desk(shop)
    form = {"subject": "Kept <subject>", "opening": "Kept <opening>"} | {field: typed}

    answer = sent(browser, **form)

    assert answer.status_code == 422
    assert said in as_read(answer)
    assert "Kept &lt;" in answer.text
    assert re.search(rf'id="{field}_error"', answer.text)
    assert "As it came" in browser.get(CONFIRMED).text


def test_a_preview_shows_the_mail_and_saves_nothing(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = as_read(sent(browser, preview="1", **WORDS))
    fragment = as_read(sent(browser, f"{CONFIRMED}/preview", **WORDS))

    for shown in (page, fragment):
        assert "GN Store: GN-7K3Q-F2XW is ours to pack" in shown
        assert "- Returns (http://localhost/pages/returns)" in shown
        assert "Total: $53.95" in shown
    assert "As it came" in browser.get(CONFIRMED).text


def test_the_sheet_is_the_mail_alone_and_may_do_nothing(shop: Shop) -> None:
    answer = sent(at_the_desk(shop), f"{CONFIRMED}/sheet", **WORDS)

    assert "your order</strong>" in answer.text
    assert "A shirt" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy


def test_a_test_goes_to_oneself_and_saves_nothing(shop: Shop) -> None:
    browser = at_the_desk(shop)

    answer = sent(browser, f"{CONFIRMED}/test", **WORDS)

    recipient, subject, text, html = the_mail(shop, "staff.wording_test")
    assert recipient in as_read(answer)
    assert recipient.startswith("staff-")
    assert subject == "GN Store: GN-7K3Q-F2XW is ours to pack"
    assert "- Nothing to do" in text
    assert "your order</strong>" in html
    assert WORDS["subject"] in in_full(answer)
    page = browser.get(CONFIRMED).text
    assert "As it came" in page
    assert "Sent a test of a mail" in page


def test_a_wrong_wording_is_not_sent_as_a_test(shop: Shop) -> None:
    answer = sent(at_the_desk(shop), f"{CONFIRMED}/test", subject="{{ who }}")

    assert answer.status_code == 422
    with shop.app.app_context():
        assert not mails("staff.wording_test")


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("{{ brand }}: your order", "“Gay”, “Nation”"),
        ("Your LATE EDITION TEE is here", "“Late Edition tee”"),
    ],
)
def test_a_subject_that_tells_too_much_is_pointed_out_and_not_refused(
    shop: Shop, subject: str, told: str
) -> None:
    browser = at_the_desk(shop)
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Late Edition tee")

    assert sent(browser, subject=subject, opening="x", closing="").status_code == 303

    assert told in as_read(browser.get(CONFIRMED))
    assert "over a shoulder reads" not in as_read(browser.get(INVITATION))


def test_words_go_back_to_those_that_came_and_that_is_taken_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    sent(browser, **WORDS)
    assert "Your own words" in browser.get(LIST).text

    sent(browser, f"{CONFIRMED}/reset")
    assert "Your own words" not in browser.get(LIST).text
    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(CONFIRMED).text)
    assert entry
    sent(browser, f"/staff/changes/{entry[1]}/undo", back=CONFIRMED)

    assert WORDS["closing"] in as_read(browser.get(CONFIRMED))


def test_what_was_changed_since_is_not_taken_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    sent(browser, **WORDS)
    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(CONFIRMED).text)
    assert entry
    sent(browser, **WORDS | {"subject": "Another"})

    answer = sent(browser, f"/staff/changes/{entry[1]}/undo", back=CONFIRMED)

    assert answer.status_code == 409


def test_a_mail_that_does_not_exist_has_no_page(shop: Shop) -> None:
    browser = at_the_desk(shop)

    assert browser.get(f"{LIST}orders/attention").status_code == 404
    assert sent(browser, f"{LIST}staff/invitation/reset").status_code == 404


def test_only_who_may_change_settings_comes_in(shop: Shop) -> None:
    assert at_the_desk(shop, role=Role.EDITOR).get(LIST).status_code == 403
