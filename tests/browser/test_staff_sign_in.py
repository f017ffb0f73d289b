"""Staff sign in with an app and with a passkey, in a browser that has one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from store.clock import FixedClock
from store.database import db, writing
from store.staff.models import StaffSession
from tests.browser.axe import by_day_and_night
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop, live_shop
from tests.shop import Shop
from tests.staffing import PASSWORD, App, Colleague, a_colleague

# Chromium's own double of a telephone with a finger on it.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[LiveShop]:
    """The shop by its name: no browser makes a passkey for 127.0.0.1."""
    with live_shop(tmp_path, database_url, allowed_hosts="127.0.0.1,localhost") as shop:
        yield replace(shop, url=shop.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def owner(live: LiveShop) -> Colleague:
    return a_colleague(Shop(live.app, live.services, FixedClock(live.services.clock.now())))


def first_step(page: Page, who: Colleague, path: str = "/staff/sign-in") -> None:
    page.goto(path)
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.wait_for_url("**/staff/sign-in")


def set_up_app(page: Page, live: LiveShop) -> App:
    page.goto("/staff/account/app")
    key = page.locator(".app_key").inner_text().replace("-", "").strip()
    app = App(key, live.services.clock)
    page.get_by_label("Code").fill(app.code())
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("button", name="Make recovery codes").click()
    page.get_by_role("link", name="I have put them away").click()
    page.wait_for_url("**/staff/account/")
    return app


def add_passkey(page: Page) -> None:
    page.goto("/staff/account/second-factor")
    page.get_by_label("What to call it").fill("A virtual finger")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes**")


def with_authenticator(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def let_proofs_grow_old(live: LiveShop) -> None:
    with live.app.app_context(), writing():
        db.session.execute(update(StaffSession).values(factor_at=None))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_an_owner_signs_in_with_an_app(
    live: LiveShop, owner: Colleague, new_page: NewPage, *, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    first_step(page, owner)
    app = set_up_app(page, live)
    sign_out(page)

    first_step(page, owner, "/staff/sign-in?next=/staff/people/")
    page.get_by_label("Code").fill(app.code(steps_later=1))
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/staff/people/")


def test_a_passkey_signs_in_and_speaks_for_what_cannot_be_taken_back(
    live: LiveShop, owner: Colleague, new_page: NewPage
) -> None:
    page = new_page(size=DESK)
    with_authenticator(page)
    first_step(page, owner)
    add_passkey(page)
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/staff/")
    let_proofs_grow_old(live)
    page.goto("/staff/people/new")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/staff/people/new")
    sign_out(page)
    first_step(page, owner)
    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url("**/staff/")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_form_that_was_sent_too_late_is_sent_again_by_one_button(
    live: LiveShop, owner: Colleague, new_page: NewPage, *, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    first_step(page, owner)
    app = set_up_app(page, live)
    page.goto("/staff/people/new")
    page.get_by_label("Name").fill("Robin Proof")
    page.get_by_label("Email").fill("robin@example.org")
    with live.app.app_context(), writing():
        db.session.execute(update(StaffSession).values(ended_at=live.services.clock.now()))

    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(app.code(steps_later=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Send it again").click()

    page.wait_for_url("**/staff/people/")
    expect(page.get_by_text("robin@example.org").first).to_be_attached()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_at_the_door_are_accessible_and_fit(
    live: LiveShop, owner: Colleague, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(size=size)
    with_authenticator(page)
    found = {}

    def look() -> None:
        faults = by_day_and_night(page)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        rules = [violation["id"] for violation in faults]
        if rules or too_wide > 0:
            found[page.url] = (rules, too_wide)

    for path in ("/staff/sign-in", "/staff/password", "/staff/password?asked=1"):
        page.goto(path)
        look()
    first_step(page, owner)
    add_passkey(page)
    look()
    page.get_by_role("button", name=re.compile("recovery codes")).click()
    look()
    for path in (
        "/staff/account/",
        "/staff/account/password",
        "/staff/account/second-factor",
        "/staff/account/app",
        "/staff/people/",
        "/staff/people/new",
        f"/staff/people/{owner.id}",
        "/staff/verify",
    ):
        page.goto(path)
        look()
    page.goto("/staff/")
    sign_out(page)
    first_step(page, owner)
    page.wait_for_url("**/second-step")
    look()
    assert found == {}
