"""What cannot be taken back asks for a second factor that was given within ten minutes."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.staff.roles import Role
from tests.shop import Shop
from tests.staffing import PASSWORD, Colleague, a_browser, a_colleague, token_of

SIGN_IN, VERIFY = "/staff/sign-in", "/staff/verify"
INVITATION = {"name": "Robin", "email": "robin@example.org", "role": "editor"}


def signed_in(shop: Shop, who: Colleague) -> FlaskClient:
    """Sign somebody in as she would: by password, and by her app's code where she has one."""
    browser = a_browser(shop)
    form = {"email": who.email, "password": PASSWORD, "csrf_token": token_of(browser, SIGN_IN)}
    answer = browser.post(SIGN_IN, data=form)
    if "second-step" in answer.headers["Location"]:
        give_code(browser, answer.headers["Location"], who.app.code())
    return browser


def give_code(browser: FlaskClient, path: str, code: str) -> TestResponse:
    return browser.post(path, data={"code": code, "csrf_token": token_of(browser, path)})


def invite(browser: FlaskClient) -> TestResponse:
    form = INVITATION | {"csrf_token": token_of(browser, "/staff/account/password")}
    return browser.post("/staff/people/", data=form)


def later(shop: Shop, minutes: int) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=minutes))


def test_whoever_just_signed_in_with_two_factors_is_not_asked(shop: Shop) -> None:
    browser = signed_in(shop, a_colleague(shop, has_app=True))

    assert invite(browser).headers["Location"] == "/staff/people/"


def test_ten_minutes_later_a_page_asks_and_leads_back(shop: Shop) -> None:
    owner = a_colleague(shop, has_app=True)
    browser = signed_in(shop, owner)
    later(shop, 10)

    asked = browser.get("/staff/people/new").headers["Location"]
    answer = give_code(browser, asked, owner.app.code())

    assert asked == "/staff/verify?next=/staff/people/new"
    assert answer.headers["Location"] == "/staff/people/new"
    assert browser.get("/staff/people/new").status_code == 200


def test_a_form_that_was_sent_too_late_is_kept_and_sent_again(shop: Shop) -> None:
    owner = a_colleague(shop, has_app=True)
    browser = signed_in(shop, owner)
    later(shop, 11)

    asked = invite(browser).headers["Location"]
    back = give_code(browser, asked, owner.app.code()).headers["Location"]
    kept = browser.get(back)
    token = token_of(browser, back)
    browser.post("/staff/people/", data=INVITATION | {"csrf_token": token})

    assert back.startswith("/staff/kept/")
    assert 'action="/staff/people/"' in kept.text
    assert 'name="email" value="robin@example.org"' in kept.text
    assert "robin@example.org" in browser.get("/staff/people/").text


@pytest.mark.parametrize("code", ["000000", "wxyz-wxyz-wxyz", "", "1" * 60])
def test_a_wrong_code_lets_nobody_on(shop: Shop, code: str) -> None:
    browser = signed_in(shop, a_colleague(shop, has_app=True))
    later(shop, 11)

    answer = give_code(browser, f"{VERIFY}?next=/staff/people/new", code)

    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert browser.get("/staff/people/new").status_code == 303


def test_the_password_alone_is_no_second_factor(shop: Shop) -> None:
    browser = signed_in(shop, a_colleague(shop))

    led_to = invite(browser).headers["Location"]

    assert urlsplit(led_to).path == "/staff/account/second-factor"
    assert parse_qs(urlsplit(led_to).query)["next"][0].startswith("/staff/kept/")


def test_setting_one_up_asks_for_the_password_again_and_then_leads_on(shop: Shop) -> None:
    owner = a_colleague(shop)
    browser = signed_in(shop, owner)
    later(shop, 11)

    asked = browser.get("/staff/account/second-factor?next=/staff/people/new").headers["Location"]
    form = {"password": PASSWORD, "csrf_token": token_of(browser, asked)}
    answer = browser.post(asked, data=form)

    assert answer.headers["Location"] == "/staff/account/second-factor?next=/staff/people/new"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "/staff\\example.org", "/products"]
)
def test_a_code_leads_nowhere_but_below_staff(shop: Shop, elsewhere: str) -> None:
    owner = a_colleague(shop, has_app=True)
    browser = signed_in(shop, owner)
    later(shop, 11)

    answer = give_code(browser, f"{VERIFY}?next={elsewhere}", owner.app.code())

    assert answer.headers["Location"] == "/staff/"


def test_whoever_may_not_do_it_is_refused_before_being_asked(shop: Shop) -> None:
    browser = signed_in(shop, a_colleague(shop, role=Role.EDITOR))

    assert invite(browser).status_code == 403


def test_a_script_is_told_with_401(shop: Shop) -> None:
    browser = signed_in(shop, a_colleague(shop))
    token = token_of(browser, "/staff/account/password")
    headers = {"Sec-Fetch-Mode": "cors"}

    answer = browser.post(
        "/staff/people/", data=INVITATION | {"csrf_token": token}, headers=headers
    )

    assert answer.status_code == 401
