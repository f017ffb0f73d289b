"""Passkeys: one kind for people, a first factor where it is locked, a second step for all."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.clock import FixedClock
from store.database import db
from store.staff.models import AuditEntry, Passkey
from tests.shop import Shop, open_shop, some_settings
from tests.staff.authenticator import Authenticator
from tests.staff.doing import (
    ACCOUNT,
    SIGN_IN,
    first_step,
    is_in,
    later,
    mails,
    post_json,
    send,
    sign_in,
)
from tests.staffing import Colleague, a_browser, a_colleague, token_of

NEW, IN, VERIFY = "/staff/passkeys/new", "/staff/passkeys/sign-in", "/staff/passkeys/verify"
PAGE = "/staff/account/second-factor"


def register(browser: FlaskClient, key: Authenticator, name: str = "My ring") -> TestResponse:
    begun = post_json(browser, NEW, {"name": name}, ACCOUNT).json
    assert begun
    options, state = begun["response"]["credential_options"], begun["response"]["wan_state"]
    return post_json(browser, f"{NEW}/{state}", {"credential": key.made(options)}, ACCOUNT)


def show(
    browser: FlaskClient, key: Authenticator, path: str = IN, page: str = SIGN_IN
) -> TestResponse:
    begun = post_json(browser, path, {}, page).json
    assert begun
    options, state = begun["response"]["credential_options"], begun["response"]["wan_state"]
    return post_json(browser, f"{path}/{state}", {"credential": key.answered(options)}, page)


def with_passkey(shop: Shop, *, is_locked: bool = True) -> tuple[Colleague, Authenticator]:
    who, key = a_colleague(shop), Authenticator(is_locked=is_locked)
    assert register(sign_in(shop, who), key).status_code == 200
    return who, key


def test_a_locked_passkey_signs_in_by_itself_with_two_factors(shop: Shop) -> None:
    _, key = with_passkey(shop)
    browser = a_browser(shop)

    answer = show(browser, key)

    assert answer.json
    assert answer.json["response"]["post_login_url"] == "/staff/"
    assert is_in(browser)
    assert browser.get("/staff/people/new").status_code == 200


def test_a_key_without_a_lock_is_a_second_step_only(shop: Shop) -> None:
    who, key = with_passkey(shop, is_locked=False)
    alone, after = a_browser(shop), a_browser(shop)

    refused = show(alone, key)
    led_to = first_step(after, who.email).headers["Location"]
    show(after, key, page=led_to)

    assert refused.status_code == 400
    assert not is_in(alone)
    assert led_to == "/staff/second-step"
    assert is_in(after)


def test_whoever_has_a_passkey_is_asked_for_it_after_the_password(shop: Shop) -> None:
    who, key = with_passkey(shop)
    browser = a_browser(shop)

    first_step(browser, who.email)
    was_in = is_in(browser)
    first_step(browser, who.email)
    show(browser, key, page="/staff/second-step")

    assert not was_in
    assert is_in(browser)


def test_somebody_elses_passkey_is_no_second_step(shop: Shop) -> None:
    who, _ = with_passkey(shop)
    _, other_key = with_passkey(shop)
    browser = a_browser(shop)
    first_step(browser, who.email)

    answer = show(browser, other_key, page="/staff/second-step")

    assert answer.status_code == 400
    assert not is_in(browser)


def test_an_answer_to_another_question_is_refused(shop: Shop) -> None:
    _, key = with_passkey(shop)
    browser = a_browser(shop)
    first = post_json(browser, IN, {}, SIGN_IN).json
    second = post_json(browser, IN, {}, SIGN_IN).json
    assert first
    assert second

    answer = key.answered(first["response"]["credential_options"])
    path = f"{IN}/{second['response']['wan_state']}"

    assert post_json(browser, path, {"credential": answer}, SIGN_IN).status_code == 400
    assert not is_in(browser)


def test_an_answer_that_another_site_caught_is_refused(shop: Shop) -> None:
    _, key = with_passkey(shop)
    key.origin = "https://gay-nation.example"
    browser = a_browser(shop)

    assert show(browser, key).status_code == 400
    assert not is_in(browser)


@pytest.mark.parametrize("credential", ["", "{}", "no json", '{"id": 1}', "[]"])
def test_rubbish_is_refused(shop: Shop, credential: str) -> None:
    browser = a_browser(shop)
    begun = post_json(browser, IN, {}, SIGN_IN).json
    assert begun

    path = f"{IN}/{begun['response']['wan_state']}"

    assert post_json(browser, path, {"credential": credential}, SIGN_IN).status_code == 400


def test_a_passkey_lets_one_do_what_cannot_be_taken_back(shop: Shop) -> None:
    who, key = with_passkey(shop)
    browser = a_browser(shop)
    first_step(browser, who.email)
    show(browser, key, page="/staff/second-step")
    later(shop, minutes=11)
    asked = browser.get("/staff/people/new").status_code

    show(browser, key, path=VERIFY, page="/staff/verify")

    assert asked == 303
    assert browser.get("/staff/people/new").status_code == 200


def test_a_typed_address_is_not_answered_with_its_passkeys(shop: Shop) -> None:
    who, _ = with_passkey(shop)

    known = post_json(a_browser(shop), IN, {"identity": who.email}, SIGN_IN).json
    unknown = post_json(a_browser(shop), IN, {"identity": "nobody@example.org"}, SIGN_IN).json

    assert known
    assert unknown
    for answer in (known, unknown):
        assert not answer["response"]["credential_options"].get("allowCredentials")


def test_passkeys_are_shown_named_and_removed(shop: Shop) -> None:
    who = a_colleague(shop)
    browser = sign_in(shop, who)
    register(browser, Authenticator(), "Sam’s telephone")
    register(browser, Authenticator(is_locked=False), "The ring")
    page = browser.get(ACCOUNT).text
    paths = re.findall(r"/staff/account/passkeys/\d+/remove", page)

    send(browser, paths[0], page=ACCOUNT)

    assert "Sam’s telephone" in page
    assert "signs you in by itself" in page
    assert "a second step only" in page
    with shop.app.app_context():
        assert [key.name for key in db.session.scalars(select(Passkey))] == ["The ring"]


def test_what_becomes_of_passkeys_is_written_down_and_mailed(shop: Shop) -> None:
    who = a_colleague(shop)
    browser = sign_in(shop, who)
    register(browser, Authenticator())
    found = re.search(r"/staff/account/passkeys/\d+/remove", browser.get(ACCOUNT).text)
    assert found

    send(browser, found[0], page=ACCOUNT)

    with shop.app.app_context():
        acts = list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts == ["person.passkey_added", "person.passkey_removed"]
    assert len(mails(shop, "staff.passkey")) == 2


def test_a_name_is_given_once(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))
    register(browser, Authenticator(), "The ring")

    answer = post_json(browser, NEW, {"name": "The ring"}, ACCOUNT)

    assert answer.status_code == 400
    assert answer.json
    assert "name" in answer.json["response"]["field_errors"]


def test_nobody_removes_the_passkey_of_somebody_else(shop: Shop) -> None:
    with_passkey(shop)
    browser = sign_in(shop, a_colleague(shop))
    with shop.app.app_context():
        passkey_id = db.session.scalars(select(Passkey.id)).one()

    path = f"/staff/account/passkeys/{passkey_id}/remove"

    assert (
        send(browser, path, page=ACCOUNT.replace("/account/", "/account/password")).status_code
        == 404
    )


def test_a_passkey_is_added_by_whoever_just_proved_herself(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))
    token = token_of(browser, "/staff/account/password")
    later(shop, minutes=11)

    headers = {"X-CSRFToken": token, "Sec-Fetch-Mode": "cors"}

    assert browser.post(NEW, json={"name": "x"}, headers=headers).status_code == 401


def test_passkeys_are_offered_where_the_shop_has_a_name(
    tmp_path: Path, database_url: str, clock: FixedClock
) -> None:
    settings = some_settings(tmp_path, database_url, allowed_hosts="localhost,127.0.0.1")
    shop = open_shop(settings, clock)
    browser = a_browser(shop)

    by_name = browser.get(SIGN_IN)
    by_number = browser.get(SIGN_IN, base_url="http://127.0.0.1")
    with shop.app.app_context():
        db.engine.dispose()

    assert (by_name.status_code, by_number.status_code) == (200, 200)
    assert "<passkey-step" in by_name.text
    assert "<passkey-step" not in by_number.text


def test_the_page_that_sets_one_up_names_it_after_the_browser(shop: Shop) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0"
    browser = sign_in(shop, a_colleague(shop), agent=agent)

    assert 'value="Firefox on Windows"' in browser.get(PAGE).text
