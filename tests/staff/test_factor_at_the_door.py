"""A password alone opens nothing of the desk but the way to a second factor."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from store.app import STAFF
from store.database import writing
from store.staff.people import person_of
from store.staff.roles import Role
from store.staff.second_factors import renew_codes
from store.web.doors import EXTENSION
from tests.shop import Shop
from tests.staff.doing import (
    ACCOUNT,
    APP,
    SECOND_STEP,
    first_step,
    is_in,
    send,
    set_up_app,
    sign_in,
)
from tests.staffing import a_browser, a_colleague, at_the_desk

CHOOSE, HOME, PEOPLE = "/staff/account/second-factor", "/staff/", "/staff/people/"
INSIDE = (HOME, "/staff/products/", "/staff/find?q=tee", "/staff/changes/", "/staff/account/mails")


@pytest.fixture
def for_deeds_only(shop: Shop) -> Iterator[Shop]:
    """A shop that asks for a second factor only where somebody cannot take back what she does."""
    settings = shop.services.settings.model_copy(update={"staff_second_factor": "deeds"})
    changed = replace(shop.services, settings=settings)
    for app in (shop.app, shop.app.extensions[STAFF].app):
        app.extensions[EXTENSION] = changed
    yield replace(shop, services=changed)
    for app in (shop.app, shop.app.extensions[STAFF].app):
        app.extensions[EXTENSION] = shop.services


def led_to(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    return answer.headers.get("Location", "") if answer.status_code == 303 else "in"


@pytest.mark.parametrize("role", Role)
def test_whoever_has_no_second_factor_is_led_to_set_one_up(shop: Shop, role: Role) -> None:
    browser = sign_in(shop, a_colleague(shop, role=role))

    page = browser.get(CHOOSE).text

    assert led_to(browser, HOME) == f"{CHOOSE}?next={HOME}"
    assert led_to(browser, "/staff/products/?q=tee").startswith(f"{CHOOSE}?next=/staff/products/")
    assert "One more step before you come in" in page
    assert "Later" not in page
    assert "/staff/orders/" not in page


def test_setting_one_up_opens_the_desk_and_leads_to_where_one_was_going(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    asked = led_to(browser, PEOPLE)
    set_up_app(shop, browser)

    assert asked == f"{CHOOSE}?next={PEOPLE}"
    assert {led_to(browser, path) for path in (HOME, PEOPLE)} == {"in"}


def test_ones_own_account_is_reached_before(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    paths = (ACCOUNT, "/staff/account/password", CHOOSE, APP)

    assert {browser.get(path).status_code for path in paths} == {200}
    assert "You need a second factor before you come in" in browser.get(ACCOUNT).text


def test_nothing_else_is(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    wrong = [path for path in INSIDE if not led_to(browser, path).startswith(CHOOSE)]

    assert wrong == []


def test_nothing_is_taken_back_from_the_doorstep(shop: Shop) -> None:
    owner, browser = at_the_desk(shop), sign_in(shop, a_colleague(shop))
    who = a_colleague(shop, role=Role.EDITOR)
    send(owner, f"{PEOPLE}{who.id}/role", page=f"{PEOPLE}new", role="analyst")

    answer = send(browser, "/staff/changes/1/undo", page=ACCOUNT)

    assert answer.status_code == 303
    assert "undone" not in owner.get("/staff/changes/").text.lower()


def test_a_form_sent_from_the_doorstep_is_kept(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    answer = send(browser, "/staff/stock/count", page=ACCOUNT, reason="found two")

    assert answer.headers["Location"].startswith(f"{CHOOSE}?next=/staff/kept/")


def test_a_browser_that_gave_a_password_alone_shows_the_factor_that_was_set_up_since(
    shop: Shop,
) -> None:
    who = a_colleague(shop)
    old, new = sign_in(shop, who), sign_in(shop, who)

    app = set_up_app(shop, new)
    asked = led_to(old, HOME)
    page = old.get(asked).text
    shop.clock.move_to(shop.clock.now().replace(minute=59))
    send(old, asked, code=app.code())

    assert asked == f"/staff/verify?next={HOME}"
    assert "signed in with your password alone" in page
    assert led_to(old, HOME) == "in"


def test_that_holds_where_only_deeds_ask_for_one(for_deeds_only: Shop) -> None:
    who = a_colleague(for_deeds_only)
    old, new = sign_in(for_deeds_only, who), sign_in(for_deeds_only, who)
    before = led_to(old, HOME)

    set_up_app(for_deeds_only, new)

    assert before == "in"
    assert led_to(old, HOME) == f"/staff/verify?next={HOME}"
    assert led_to(old, f"{PEOPLE}new") == f"/staff/verify?next={PEOPLE}new"


def test_a_shop_may_ask_for_it_before_deeds_only(for_deeds_only: Shop) -> None:
    browser = sign_in(for_deeds_only, a_colleague(for_deeds_only))

    assert led_to(browser, HOME) == "in"
    assert led_to(browser, f"{PEOPLE}new").startswith(CHOOSE)


def test_whoever_takes_her_last_factor_away_sets_up_another(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop, has_app=True))
    before = led_to(browser, HOME)

    send(browser, f"{APP}/remove", page=ACCOUNT)

    assert before == "in"
    assert led_to(browser, HOME) == f"{CHOOSE}?next={HOME}"


def test_whoever_lost_it_is_helped_by_an_owner_and_sets_up_another(shop: Shop) -> None:
    who = a_colleague(shop, role=Role.FULFILMENT, has_app=True)
    lost, owner = sign_in(shop, who), at_the_desk(shop)

    send(owner, f"{PEOPLE}{who.id}/second-factors/remove", page=f"{PEOPLE}new")
    browser = sign_in(shop, who)
    asked = led_to(browser, HOME)
    set_up_app(shop, browser)

    assert led_to(lost, HOME).startswith("/staff/verify")
    assert asked == f"{CHOOSE}?next={HOME}"
    assert led_to(browser, HOME) == "in"


def test_a_recovery_code_opens_the_desk(shop: Shop) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)
    with shop.app.app_context(), writing():
        code = renew_codes(person_of(who.id), shop.services.settings, shop.clock)[0]

    first_step(browser, who.email)
    send(browser, SECOND_STEP, code=code)

    assert led_to(browser, HOME) == "in"


def test_owners_see_who_has_none(shop: Shop) -> None:
    owner = at_the_desk(shop)
    a_colleague(shop, has_app=True)
    before = owner.get(PEOPLE).text

    a_colleague(shop, role=Role.EDITOR)

    assert "no second factor yet" not in before
    assert "One person has no second factor yet" in owner.get(PEOPLE).text
    assert "come no further than their own account" in owner.get(PEOPLE).text


def test_a_script_is_answered_with_401(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))

    browser.environ_base["HTTP_SEC_FETCH_MODE"] = "cors"
    answer = send(browser, "/staff/stock/count", page=ACCOUNT)

    assert answer.status_code == 401
    assert is_in(browser)
