"""Staff sign in, and nobody else comes behind the shop."""

import re

import pytest
from flask.testing import FlaskClient

from store.app import STAFF
from store.database import db, writing
from store.staff.audit import Actor
from store.staff.models import StaffUser
from store.staff.people import let_go, person_of
from store.staff.roles import Role
from store.staff.second_factors import renew_codes
from tests.shop import Shop
from tests.staff.doing import (
    ACCOUNT,
    SECOND_STEP,
    SIGN_IN,
    first_step,
    is_in,
    later,
    send,
    sign_in,
)
from tests.staffing import Colleague, a_browser, a_colleague, at_the_desk


def recovery_codes(shop: Shop, who: Colleague) -> list[str]:
    with shop.app.app_context(), writing():
        user = person_of(who.id)
        return list(renew_codes(user, shop.services.settings, shop.clock))


def test_a_colleague_signs_in_and_sees_the_first_page(shop: Shop) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)

    first_step(browser, who.email)
    answer = send(browser, SECOND_STEP, code=who.app.code())

    assert answer.status_code == 302
    assert browser.get("/staff/").status_code == 200


def test_an_address_is_known_in_whatever_letters_it_is_typed(shop: Shop) -> None:
    browser = a_browser(shop)

    first_step(browser, a_colleague(shop).email.upper())

    assert is_in(browser)


def test_a_stranger_is_asked_to_sign_in(reader: FlaskClient) -> None:
    answer = reader.get("/staff/account/")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/staff/sign-in?next=")


def test_signing_in_leads_to_where_one_was_going(shop: Shop) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)
    asked = browser.get("/staff/changes/?at=x").headers["Location"]

    page = browser.get(asked).text
    found = re.search(r'name="next" value="([^"]*)"', page)
    assert found
    second = send(
        browser, SIGN_IN, email=who.email, password="a long enough password", next=found[1]
    ).headers["Location"]
    answer = send(browser, second, code=who.app.code())

    assert answer.headers["Location"] == "/staff/changes/?at=x"


def test_a_wrong_password_is_refused_in_the_same_words_as_an_unknown_address(shop: Shop) -> None:
    known, gone, invited = a_colleague(shop), a_colleague(shop), a_colleague(shop)
    a_colleague(shop)
    with shop.app.app_context(), writing():
        let_go(person_of(gone.id), actor=Actor(None, "a test"), clock=shop.clock)
        person_of(invited.id).password = None

    def answer_to(address: str, password: str = "wrong") -> str:
        answer = first_step(a_browser(shop), address, password)
        shown = re.sub(r'value="[^"]*"|[0-9a-f]{8}-\w+', "", answer.text)
        return f"{answer.status_code} {shown}"

    answers = {
        answer_to("nobody@example.org"),
        answer_to(known.email),
        answer_to(gone.email, "a long enough password"),
        answer_to(invited.email),
    }
    assert len(answers) == 1
    assert answers.pop().startswith("422")


def test_an_app_is_asked_for_after_the_password(shop: Shop) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)

    answer = first_step(browser, who.email)
    was_in = is_in(browser)
    first_step(browser, who.email)
    send(browser, SECOND_STEP, code=who.app.code())

    assert answer.headers["Location"] == SECOND_STEP
    assert not was_in
    assert is_in(browser)


@pytest.mark.parametrize("code", ["000000", "12345", "abcdef", "zzzz-zzzz-zzzz", "’; DROP TABLE"])
def test_a_wrong_code_lets_nobody_in(shop: Shop, code: str) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)
    first_step(browser, who.email)

    answer = send(browser, SECOND_STEP, code=code)

    assert answer.status_code == 422
    assert "That code is wrong" in answer.text
    assert not is_in(browser)


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_off(shop: Shop, steps: int, *, is_taken: bool) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)
    first_step(browser, who.email)

    send(browser, SECOND_STEP, code=who.app.code(steps_later=steps))

    assert is_in(browser) == is_taken


def test_a_code_is_good_once(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    sign_in(shop, who)
    thief = a_browser(shop)
    first_step(thief, who.email)

    answer = send(thief, SECOND_STEP, code=who.app.code())

    assert answer.status_code == 422
    assert not is_in(thief)


def test_a_recovery_code_is_good_once(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    code, other, *_ = recovery_codes(shop, who)
    first, second, third = (a_browser(shop) for _ in range(3))
    for browser in (first, second, third):
        first_step(browser, who.email)

    send(first, SECOND_STEP, code=code.upper().replace("-", " "))
    answer = send(second, SECOND_STEP, code=code)
    send(third, SECOND_STEP, code=other)

    assert is_in(first)
    assert answer.status_code == 422
    assert is_in(third)


def test_somebody_elses_recovery_code_opens_nothing(shop: Shop) -> None:
    who, other = a_colleague(shop, has_app=True), a_colleague(shop, has_app=True)
    code = recovery_codes(shop, other)[0]
    browser = a_browser(shop)
    first_step(browser, who.email)

    assert send(browser, SECOND_STEP, code=code).status_code == 422


def test_the_second_step_follows_the_first(shop: Shop) -> None:
    answer = a_browser(shop).get(SECOND_STEP)

    assert answer.headers["Location"] == SIGN_IN


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))
    with browser.session_transaction("/staff/") as session:
        copied = dict(session)

    send(browser, "/staff/sign-out", page=ACCOUNT)
    thief = a_browser(shop)
    with thief.session_transaction("/staff/") as session:
        session.update(copied)

    assert not is_in(browser)
    assert not is_in(thief)


def test_signing_out_leaves_nothing_for_the_next_person(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    send(browser, "/staff/sign-out", page=ACCOUNT)

    with browser.session_transaction("/staff/") as session:
        assert "session_token" not in session
        assert "_user_id" not in session


def test_the_session_stays_behind_the_shop(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = browser.get("/")

    assert "Vary" not in page.headers or "Cookie" not in page.headers["Vary"]
    assert "Set-Cookie" not in page.headers


def test_an_idle_session_is_signed_out(shop: Shop) -> None:
    browser = at_the_desk(shop, role=Role.ANALYST)
    assert browser.get("/staff/").status_code == 200

    later(shop, hours=13)

    assert browser.get("/staff/").status_code == 303


@pytest.mark.slow
def test_a_session_ends_after_two_weeks_of_use(shop: Shop) -> None:
    browser = at_the_desk(shop)

    for _ in range(28):
        assert browser.get("/staff/").status_code == 200
        later(shop, hours=11.99)
    later(shop, hours=1)

    assert browser.get("/staff/").status_code == 303


def test_nobody_is_remembered_beyond_her_session(shop: Shop) -> None:
    who, browser = a_colleague(shop), a_browser(shop)
    form = {"email": who.email, "password": "a long enough password", "remember": "y"}
    send(browser, SIGN_IN, **form)

    later(shop, hours=13)

    assert browser.get_cookie("remember_token", path="/staff") is None
    assert not is_in(browser)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/staff\\example"])
def test_signing_in_leads_nowhere_but_below_staff(shop: Shop, elsewhere: str) -> None:
    page = a_browser(shop).get(SIGN_IN, query_string={"next": elsewhere}).text

    assert 'name="next" value=""' in page


def test_a_password_is_hashed_with_argon2id_as_owasp_asks(shop: Shop) -> None:
    who, staff = a_colleague(shop), shop.app.extensions[STAFF].app

    with shop.app.app_context():
        assert (db.session.get_one(StaffUser, who.id).password or "").startswith("$argon2id$")
    # Colleagues of tests have the least of it; this is what people get.
    assert staff.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] == {
        "argon2__memory_cost": 19_456,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    }


def test_a_page_that_was_open_for_too_long_is_shown_anew(shop: Shop) -> None:
    who, browser = a_colleague(shop), a_browser(shop)
    form = {"email": who.email, "password": "a long enough password", "csrf_token": "an old one"}

    answer = browser.post(SIGN_IN, data=form, follow_redirects=True)

    assert answer.status_code == 200
    assert "open for too long" in answer.text
