"""One's own account: where one is signed in, the password, and what else one signs in with."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from store.app import STAFF
from store.database import db
from store.staff.forms.passwords import is_password_of
from store.staff.models import AuditEntry, StaffUser
from store.staff.people import person_of
from store.staff.sessions import sessions_of
from tests.shop import Shop
from tests.staff.doing import ACCOUNT, first_step, is_in, later, mails, send, sign_in
from tests.staffing import PASSWORD, App, Colleague, a_browser, a_colleague, token_of

FIREFOX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:141.0) Gecko/20100101 Firefox/141.0"
APP, CODES, CHANGE = (
    "/staff/account/app",
    "/staff/account/recovery-codes",
    "/staff/account/password",
)
NEW = "another good password"


def acts(shop: Shop) -> list[str]:
    with shop.app.app_context():
        return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def takes_password(shop: Shop, who: Colleague, password: str) -> bool:
    staff = shop.app.extensions[STAFF].app
    with staff.app_context():
        return is_password_of(person_of(who.id), password)


def shown_app(shop: Shop, browser: FlaskClient) -> App:
    """Read the key off the page, as an app would that cannot see the picture."""
    found = re.search(r"<code>([A-Z2-7-]+)</code>", browser.get(APP).text)
    assert found
    return App(found[1].replace("-", ""), shop.clock)


def set_up(shop: Shop, browser: FlaskClient) -> App:
    app = shown_app(shop, browser)
    send(browser, APP, code=app.code())
    return app


def shown_codes(browser: FlaskClient) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", send(browser, CODES).text)


def test_browsers_are_shown_by_names_that_people_know(shop: Shop) -> None:
    who = a_colleague(shop)
    sign_in(shop, who, agent=FIREFOX)
    browser = sign_in(shop, who, agent="curl/8.5.0")

    page = browser.get(ACCOUNT).text

    assert "Firefox on macOS" in page
    assert "curl" in page
    assert page.count("This browser") == 1


def test_a_session_that_was_ended_elsewhere_is_over_at_once(shop: Shop) -> None:
    who = a_colleague(shop)
    lost, kept = sign_in(shop, who), sign_in(shop, who)
    found = re.search(r"/staff/account/sessions/(\d+)/end", kept.get(ACCOUNT).text)
    assert found

    send(kept, found[0], page=ACCOUNT)

    assert not is_in(lost)
    assert is_in(kept)


def test_all_other_browsers_are_signed_out_by_one_button(shop: Shop) -> None:
    who = a_colleague(shop)
    others, here = [sign_in(shop, who), sign_in(shop, who)], sign_in(shop, who)

    send(here, "/staff/account/sessions/end-others", page=ACCOUNT)

    assert [is_in(browser) for browser in [*others, here]] == [False, False, True]


def test_nobody_ends_the_session_of_somebody_else(shop: Shop) -> None:
    who = a_colleague(shop)
    victim, browser = sign_in(shop, who), sign_in(shop, a_colleague(shop))
    with shop.app.app_context():
        session_id = sessions_of(who.id, shop.clock)[0].id

    send(browser, f"/staff/account/sessions/{session_id}/end", page=ACCOUNT)

    assert is_in(victim)


def test_a_new_password_signs_every_other_browser_out(shop: Shop) -> None:
    who = a_colleague(shop)
    other, here = sign_in(shop, who), sign_in(shop, who)

    send(here, CHANGE, old_password=PASSWORD, password=NEW, again=NEW)

    assert is_in(here)
    assert not is_in(other)
    assert takes_password(shop, who, NEW)
    assert "person.password_changed" in acts(shop)
    assert [mail.recipient for mail in mails(shop, "staff.password_changed")] == [who.email]


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old_password"),
        (PASSWORD, "short", "short", "password"),
        (PASSWORD, NEW, NEW + "r", "again"),
        (PASSWORD, "x" * 1001, "x" * 1001, "password"),
        (PASSWORD, "", "", "password"),
    ],
)
def test_what_is_wrong_with_a_password_stands_beside_it(
    shop: Shop, old: str, new: str, again: str, field: str
) -> None:
    who = a_colleague(shop)

    answer = send(sign_in(shop, who), CHANGE, old_password=old, password=new, again=again)

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert takes_password(shop, who, PASSWORD)


def test_an_app_is_set_up_by_its_picture_or_its_key(shop: Shop) -> None:
    who = a_colleague(shop)
    browser = sign_in(shop, who)

    page = browser.get(APP).text
    set_up(shop, browser)

    assert 'src="data:image/svg+xml;base64,' in page
    assert "style=" not in page
    assert first_step(a_browser(shop), who.email).headers["Location"] == "/staff/second-step"
    assert "person.app_set_up" in acts(shop)
    assert len(mails(shop, "staff.app_set_up")) == 1


def test_a_mistyped_code_leaves_the_picture_as_it_is(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))
    app = shown_app(shop, browser)

    wrong = send(browser, APP, code="123456")
    answer = send(browser, APP, code=app.code())

    assert wrong.status_code == 422
    assert "not the code that the app shows now" in wrong.text
    assert answer.headers["Location"].startswith(CODES)


def test_the_code_that_set_an_app_up_does_not_sign_in_as_well(shop: Shop) -> None:
    who = a_colleague(shop)
    app, thief = set_up(shop, sign_in(shop, who)), a_browser(shop)
    first_step(thief, who.email)

    assert send(thief, "/staff/second-step", code=app.code()).status_code == 422


def test_a_second_app_replaces_the_first(shop: Shop) -> None:
    who = a_colleague(shop)
    browser = sign_in(shop, who)
    old, new = set_up(shop, browser), set_up(shop, browser)
    later(shop, minutes=1)
    third = a_browser(shop)
    first_step(third, who.email)

    refused = send(third, "/staff/second-step", code=old.code())
    send(third, "/staff/second-step", code=new.code())

    assert refused.status_code == 422
    assert is_in(third)


def test_an_app_is_removed_by_whoever_has_it(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)

    send(browser, "/staff/account/app/remove", page=ACCOUNT)

    assert first_step(a_browser(shop), who.email).headers["Location"] == "/staff/"
    assert len(mails(shop, "staff.app_removed")) == 1


def test_recovery_codes_are_shown_once_and_kept_as_hashes(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)

    codes = shown_codes(browser)
    again = browser.get(CODES).text

    assert len(set(codes)) == 10
    assert not any(code in again for code in codes)
    with shop.app.app_context():
        stored = db.session.get_one(StaffUser, who.id).mf_recovery_codes or []
    assert len(stored) == 10
    assert not any(code in " ".join(stored) for code in codes)


def test_new_recovery_codes_make_the_old_ones_void(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)
    old, new = shown_codes(browser), shown_codes(browser)
    third = a_browser(shop)
    first_step(third, who.email)

    refused = send(third, "/staff/second-step", code=old[0])
    send(third, "/staff/second-step", code=new[0])

    assert refused.status_code == 422
    assert is_in(third)


def test_only_codes_that_there_were_are_called_void(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop, has_app=True))

    first, second = (send(browser, CODES).text for _time in range(2))

    assert "before are void" not in first
    assert "before are void" in second


def test_few_recovery_codes_are_warned_of(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)
    none = browser.get(ACCOUNT).text
    codes = shown_codes(browser)
    enough = browser.get(ACCOUNT).text

    for code in codes[:7]:
        other = a_browser(shop)
        first_step(other, who.email)
        send(other, "/staff/second-step", code=code)

    assert "You have no recovery codes" in none
    assert "recovery codes left" not in enough
    assert "You have 3 recovery codes left" in unescape(browser.get(ACCOUNT).text)


def test_without_a_second_factor_there_is_nothing_to_recover(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    answer = send(browser, CODES)

    assert answer.headers["Location"] == "/staff/account/second-factor"


@pytest.mark.parametrize("path", [APP, CODES, "/staff/account/app/remove"])
def test_second_factors_are_changed_by_whoever_just_gave_one(shop: Shop, path: str) -> None:
    browser = sign_in(shop, a_colleague(shop, has_app=True))
    token = token_of(browser, CHANGE)
    later(shop, minutes=11)

    answer = browser.post(path, data={"csrf_token": token})

    assert answer.headers["Location"].startswith("/staff/verify?next=/staff/kept/")
