"""A form that is sent when its sender was signed out is kept, shown, and sent again."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from store.app import job_sweeps
from store.database import db
from store.staff.door_models import ParkedForm
from store.staff.parking import MOST_OF_ONE_NETWORK
from tests.shop import Shop
from tests.staff.doing import SECOND_STEP, SIGN_IN, is_in, later, send, send_with_picture, sign_in
from tests.staffing import PASSWORD, Colleague, a_browser, a_colleague, token_of

ROLE, CHANGE = "/staff/people/1/role", "/staff/account/password"
FIELDS = {"role": "analyst", "note": "line one\r\nline two “quoted” <b>&amp;"}


def stale(shop: Shop, who: Colleague) -> tuple[FlaskClient, str]:
    """Return the browser of somebody whose session ended while a form was open, and its token."""
    browser = sign_in(shop, who)
    token = token_of(browser, "/staff/account/password")
    later(shop, hours=13)
    return browser, token


def post(browser: FlaskClient, token: str, path: str = ROLE, **fields: str) -> TestResponse:
    return browser.post(path, data={**(fields or FIELDS), "csrf_token": token})


def come_back(browser: FlaskClient, who: Colleague, asked: str) -> str:
    """Sign in as the page asks, with whatever it asks for; return where that led."""
    found = re.search(r'name="next" value="([^"]*)"', browser.get(asked).text)
    assert found
    answer = send(browser, SIGN_IN, email=who.email, password=PASSWORD, next=found[1])
    if SECOND_STEP in answer.headers["Location"]:
        answer = send(browser, answer.headers["Location"], code=who.app.code())
    return answer.headers["Location"]


def forms_kept(shop: Shop) -> int:
    with shop.app.app_context():
        return db.session.scalar(select(func.count()).select_from(ParkedForm)) or 0


@pytest.mark.parametrize("has_app", [False, True])
def test_a_form_outlives_the_session_it_was_sent_in(shop: Shop, *, has_app: bool) -> None:
    who = a_colleague(shop, has_app=has_app)
    browser, token = stale(shop, who)

    asked = post(browser, token).headers["Location"]
    notice = browser.get(asked).text
    page = browser.get(come_back(browser, who, asked)).text

    assert "is kept for an hour" in notice
    assert f'action="{ROLE}"' in page
    assert 'name="role" value="analyst"' in page
    assert 'value="line one\r\nline two “quoted” &lt;b&gt;&amp;amp;"' in page


def test_one_button_sends_it_to_where_it_went(shop: Shop) -> None:
    who, other = a_colleague(shop, has_app=True), a_colleague(shop)
    browser, token = stale(shop, who)
    path = f"/staff/people/{other.id}/role"
    back = come_back(browser, who, post(browser, token, path, role="analyst").headers["Location"])

    answer = send(browser, path, page=back, role="analyst")

    assert answer.headers["Location"] == f"/staff/people/{other.id}"
    assert "Analyst" in browser.get("/staff/people/").text


def test_what_is_kept_is_sent_again_by_its_sender_alone(shop: Shop) -> None:
    who, other = a_colleague(shop), a_colleague(shop)
    browser, token = stale(shop, who)

    asked = post(browser, token).headers["Location"]
    led_to = come_back(browser, other, asked)

    assert led_to.startswith("/staff/kept/")
    assert browser.get(led_to).status_code == 404


def test_the_number_alone_opens_nothing(shop: Shop) -> None:
    who = a_colleague(shop)
    browser, token = stale(shop, who)
    back = come_back(browser, who, post(browser, token).headers["Location"])

    assert browser.get(back).status_code == 200
    assert sign_in(shop, who).get(back).status_code == 404


def test_it_is_gone_after_an_hour(shop: Shop) -> None:
    who = a_colleague(shop)
    browser, token = stale(shop, who)
    back = come_back(browser, who, post(browser, token).headers["Location"])

    later(shop, minutes=61)
    status = browser.get(back).status_code
    with shop.app.app_context():
        for sweep in job_sweeps(shop.services):
            if sweep.name == "staff.parked_forms":
                sweep.run()

    assert status == 404
    assert forms_kept(shop) == 0


def test_it_is_thrown_away_by_a_button(shop: Shop) -> None:
    who = a_colleague(shop)
    browser, token = stale(shop, who)
    back = come_back(browser, who, post(browser, token).headers["Location"])

    send(browser, f"{back}/forget", page=back)

    assert browser.get(back).status_code == 404
    assert forms_kept(shop) == 0


def test_two_forms_of_one_browser_are_both_kept(shop: Shop) -> None:
    who = a_colleague(shop)
    browser, token = stale(shop, who)
    first = post(browser, token, role="editor").headers["Location"]
    second = post(browser, "", role="analyst").headers["Location"]

    backs = [come_back(browser, who, asked) for asked in (first,)]
    backs.append(re.sub(r".*next=", "", second))

    assert 'value="editor"' in browser.get(backs[0]).text
    assert 'value="analyst"' in browser.get(backs[1]).text


def test_a_password_is_kept_nowhere(shop: Shop) -> None:
    who = a_colleague(shop)
    browser, token = stale(shop, who)

    answer = post(browser, token, "/staff/account/password", old_password="x", password="y")

    assert answer.headers["Location"] == "/staff/sign-in?next=/staff/"
    assert "holds a password" in browser.get(SIGN_IN).text
    assert forms_kept(shop) == 0


def test_files_are_left_out_and_named(shop: Shop) -> None:
    who = a_colleague(shop)
    browser, token = stale(shop, who)

    answer = send_with_picture(browser, ROLE, role="editor", csrf_token=token)
    asked = answer.headers["Location"]
    page = browser.get(come_back(browser, who, asked)).text

    assert "Files are not kept" in page
    assert "tee.png" in page


def test_a_form_of_novel_length_is_not_kept_and_said_so(shop: Shop) -> None:
    browser, token = stale(shop, a_colleague(shop))

    send_with_picture(browser, ROLE, role="é" * 60_000, csrf_token=token)

    assert "could not be kept" in browser.get(SIGN_IN).text
    assert forms_kept(shop) == 0


def test_whoever_is_not_known_keeps_a_few_forms_and_no_more(shop: Shop) -> None:
    """A browser that forgot its cookies may have a form open; so may anybody who likes to fill."""
    for _ in range(MOST_OF_ONE_NETWORK + 3):
        post(a_browser(shop), "none", role="editor")

    assert forms_kept(shop) == MOST_OF_ONE_NETWORK


def test_a_browser_that_lost_its_cookies_finds_its_form_again(shop: Shop) -> None:
    who, browser = a_colleague(shop), a_browser(shop)

    asked = post(browser, "of a session that is gone").headers["Location"]
    page = browser.get(come_back(browser, who, asked))

    assert 'name="role" value="analyst"' in page.text


def test_a_form_of_before_signing_in_again_is_kept_too(shop: Shop) -> None:
    who = a_colleague(shop)
    browser = sign_in(shop, who)
    old = token_of(browser, "/staff/account/password")
    send(browser, "/staff/sign-out", page="/staff/account/")
    send(browser, SIGN_IN, email=who.email, password=PASSWORD)

    answer = post(browser, old)

    assert answer.headers["Location"].startswith("/staff/kept/")
    assert 'name="role" value="analyst"' in browser.get(answer.headers["Location"]).text


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_form_of_another_site_is_refused_and_not_kept(shop: Shop, *, is_signed_in: bool) -> None:
    browser = sign_in(shop, a_colleague(shop)) if is_signed_in else a_browser(shop)

    answer = browser.post(ROLE, data=FIELDS, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert forms_kept(shop) == 0


def test_a_script_is_answered_401_and_nothing_is_kept(shop: Shop) -> None:
    browser, token = stale(shop, a_colleague(shop))

    headers = {"Sec-Fetch-Mode": "cors", "X-CSRFToken": token}
    answers = [
        browser.post(ROLE, data=FIELDS, headers=headers),
        a_browser(shop).post(ROLE, data=FIELDS, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert forms_kept(shop) == 0


def test_a_large_picture_reaches_its_view(shop: Shop) -> None:
    """What is sent is measured against what staff may send, before its token is looked for."""
    browser = sign_in(shop, a_colleague(shop))

    answer = send_with_picture(browser, CHANGE, csrf_token=token_of(browser, CHANGE))

    assert answer.status_code == 422
    assert is_in(browser)
