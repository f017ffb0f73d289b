"""Staff sign in, and nobody else comes behind the shop."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from flask_security import hash_password

from store.app import STAFF
from store.database import writing
from store.staff.roles import Role
from tests.shop import Shop
from tests.staffing import a_browser, a_member, at_the_desk, token_of

PASSWORD = "a long enough password"


def a_colleague(shop: Shop) -> str:
    """Add somebody with a password; return her address."""
    staff = shop.app.extensions[STAFF].app
    with staff.app_context(), writing():
        return a_member(shop.clock, password=hash_password(PASSWORD)).email


def test_a_colleague_signs_in_and_sees_the_first_page(shop: Shop) -> None:
    email, browser = a_colleague(shop), a_browser(shop)
    form = {"email": email, "password": PASSWORD, "csrf_token": token_of(browser, "/staff/sign-in")}

    answer = browser.post("/staff/sign-in", data=form)

    assert answer.status_code == 302
    assert browser.get("/staff/").status_code == 200


def test_a_stranger_is_asked_to_sign_in(reader: FlaskClient) -> None:
    answer = reader.get("/staff/account/")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/staff/sign-in?next=")


def test_a_wrong_password_is_refused_in_the_same_words_as_an_unknown_address(shop: Shop) -> None:
    email, browser = a_colleague(shop), a_browser(shop)

    def answer_to(address: str) -> str:
        form = {
            "email": address,
            "password": "wrong",
            "csrf_token": token_of(browser, "/staff/sign-in"),
        }
        text = browser.post("/staff/sign-in", data=form).text
        return re.sub(r'value="[^"]*"|[0-9a-f]{8}-\w+', "", text)

    assert answer_to(email) == answer_to("nobody@example.org")


def test_the_session_stays_behind_the_shop(shop: Shop) -> None:
    browser = at_the_desk(shop)

    page = browser.get("/")

    assert "Vary" not in page.headers or "Cookie" not in page.headers["Vary"]
    assert "Set-Cookie" not in page.headers


def test_an_ended_session_is_signed_out(shop: Shop) -> None:
    browser = at_the_desk(shop, role=Role.ANALYST)
    assert browser.get("/staff/").status_code == 200

    shop.clock.move_to(shop.clock.now() + timedelta(hours=13))

    assert browser.get("/staff/").status_code == 303
