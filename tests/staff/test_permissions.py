"""Every staff address, walked by every role and by nobody."""

from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from store.app import STAFF
from store.staff.permissions import OPEN, SECURITY, permission_of
from store.staff.roles import GRANTS, Role
from tests.shop import Shop
from tests.staff.addresses import address_of
from tests.staffing import a_browser, at_the_desk


def rules(shop: Shop) -> Iterator[Rule]:
    staff = shop.app.extensions[STAFF].app
    for rule in staff.url_map.iter_rules():
        if rule.rule.startswith("/staff") and rule.endpoint not in OPEN:
            yield rule


def methods_of(rule: Rule) -> set[str]:
    return (rule.methods or set()) & {"GET", "POST"}


def test_every_view_names_what_it_asks(shop: Shop) -> None:
    staff = shop.app.extensions[STAFF].app

    silent = [
        rule.endpoint
        for rule in rules(shop)
        if not rule.endpoint.startswith(SECURITY)
        and permission_of(staff.view_functions[rule.endpoint]) is None
    ]

    assert silent == []


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_a_role_enters_what_it_was_granted_and_nothing_else(shop: Shop, role: Role) -> None:
    staff = shop.app.extensions[STAFF].app
    staff.config["WTF_CSRF_ENABLED"] = False
    try:
        browser = at_the_desk(shop, role=role)
        wrong = [
            (method, rule.rule, answer.status_code)
            for rule in rules(shop)
            if not rule.endpoint.startswith(SECURITY)
            for method in methods_of(rule)
            for answer in [browser.open(address_of(rule, 999999), method=method)]
            if (answer.status_code == 403)
            == (permission_of(staff.view_functions[rule.endpoint]) in GRANTS[role])
        ]
    finally:
        staff.config["WTF_CSRF_ENABLED"] = True

    assert wrong == []


def test_nobody_enters_without_signing_in(shop: Shop) -> None:
    browser = a_browser(shop)

    wrong = [
        (method, rule.rule)
        for rule in rules(shop)
        if not rule.endpoint.startswith(SECURITY)
        for method in methods_of(rule)
        if browser.open(address_of(rule, 999999), method=method).status_code not in {303, 400}
    ]

    assert wrong == []


def test_who_may_not_enter_is_told_where_an_owner_changes_that(shop: Shop) -> None:
    section = at_the_desk(shop).get("/staff/people/").text

    refused = at_the_desk(shop, role=Role.ANALYST).get("/staff/people/")

    assert refused.status_code == 403
    assert "<h1>People</h1>" in section
    assert "under People." in refused.text
