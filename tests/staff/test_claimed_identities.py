"""Nobody becomes staff by saying so: not by a header, not by an address, not by a cookie of before.

What proxies and other shops took for a proof of identity is only words here.
"""

import pytest
from sqlalchemy import select

from store.database import db
from store.staff.models import StaffUser
from store.staff.permissions import SECURITY
from store.staff.roles import Role
from tests.buying import a_variant, check_out, fill_cart, session_of, thanks, the_order
from tests.shop import Shop
from tests.staff.addresses import address_of
from tests.staff.doing import first_step, is_in
from tests.staff.test_permissions import methods_of, rules
from tests.staffing import a_browser, a_colleague, at_the_desk, token_of

CLAIMS = (
    "X-User-Id",
    "X-User",
    "X-Remote-User",
    "Remote-User",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Auth-Request-Email",
    "X-WCPAY-Platform-Checkout-User",
    "X-Original-URL",
    "X-Rewrite-URL",
)


@pytest.mark.parametrize("header", CLAIMS)
def test_a_header_that_says_who_asks_is_not_believed(shop: Shop, header: str) -> None:
    who = a_colleague(shop)

    answers = [
        a_browser(shop).get("/staff/people/", headers={header: claim})
        for claim in (str(who.id), who.email, "/staff/sign-in")
    ]

    assert {answer.status_code for answer in answers} == {303}
    assert all("/staff/sign-in?next=" in answer.headers["Location"] for answer in answers)


@pytest.mark.parametrize("given", ["Basic {}", "Bearer {}", "Token {}"])
def test_an_authorization_header_opens_no_page_of_the_desk(shop: Shop, given: str) -> None:
    who = a_colleague(shop)

    answer = a_browser(shop).get("/staff/", headers={"Authorization": given.format(who.email)})

    assert answer.status_code == 303


def test_whoever_buys_with_the_address_of_staff_is_a_guest(shop: Shop) -> None:
    who, reader = a_colleague(shop), a_browser(shop)
    with shop.app.app_context():
        fill_cart(reader, a_variant(shop))
        session_id = session_of(check_out(reader))
        shop.sandbox.pay(session_id, email=who.email)

        page = thanks(reader, session_id)

        assert the_order().email == who.email
    assert page.status_code == 200
    assert not any("staff" in cookie for cookie in page.headers.getlist("Set-Cookie"))
    assert not is_in(reader)


def test_a_session_of_before_is_none_of_after(shop: Shop) -> None:
    """Whoever planted a cookie in somebody's browser has nothing once she signed in."""
    victim, attacker = a_browser(shop), a_browser(shop)
    attacker.get("/staff/sign-in")
    with attacker.session_transaction("/staff/") as session:
        planted = dict(session)
    with victim.session_transaction("/staff/") as session:
        session.update(planted)

    first_step(victim, a_colleague(shop, role=Role.OWNER).email)
    with victim.session_transaction("/staff/") as session:
        after = dict(session)

    assert is_in(victim)
    assert not is_in(attacker)
    assert "session_token" not in planted
    assert after["session_token"] != planted.get("session_token")


def test_each_sign_in_is_a_session_of_its_own(shop: Shop) -> None:
    who, tokens = a_colleague(shop), []
    for _ in range(2):
        browser = a_browser(shop)
        first_step(browser, who.email)
        with browser.session_transaction("/staff/") as session:
            tokens.append(session["session_token"])

    assert len(set(tokens)) == 2
    assert all(len(token) >= 43 for token in tokens)


@pytest.mark.slow
@pytest.mark.parametrize("role", [one for one in Role if one is not Role.OWNER])
def test_no_form_gives_its_sender_another_role(shop: Shop, role: Role) -> None:
    browser = at_the_desk(shop, role=role)
    wanted = {"role": "owner", "roles": "owner", "permissions": "manage_staff", "active": "1"}
    fields = wanted | {"csrf_token": token_of(browser, "/staff/account/"), "email": "x@example.org"}
    with shop.app.app_context():
        before = db.session.execute(select(StaffUser.id, StaffUser.email, StaffUser.role)).all()
    paths = [
        address_of(rule, before[0].id)
        for rule in rules(shop)
        if "POST" in methods_of(rule) and not rule.endpoint.startswith(SECURITY)
        # Her own session has the same number, and goes on.
        if "session_id" not in rule.arguments
    ]

    for path in paths:
        browser.post(path, data=fields)

    with shop.app.app_context():
        db.session.rollback()
        after = db.session.execute(select(StaffUser.id, StaffUser.email, StaffUser.role)).all()
    assert after == before
    assert len(paths) > 60
    assert browser.get("/staff/people/").status_code == 403
