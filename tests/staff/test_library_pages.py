"""No page of the sign-in library's own look is shown, and nothing of it that we do not offer."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from werkzeug.routing import Rule

from store.app import STAFF
from store.staff.permissions import SECURITY
from tests.shop import Shop
from tests.staff.addresses import address_of
from tests.staffing import a_browser, at_the_desk

OURS = '<body class="desk'
OFFERED = {
    "login",
    "logout",
    "two_factor_token_validation",
    "wan_register",
    "wan_register_response",
    "wan_signin",
    "wan_signin_response",
    "wan_verify",
    "wan_verify_response",
}


def library_rules(shop: Shop) -> Iterator[Rule]:
    staff = shop.app.extensions[STAFF].app
    for rule in staff.url_map.iter_rules():
        if rule.endpoint.startswith(SECURITY):
            yield rule


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_each_page_of_the_library_is_ours_or_none(shop: Shop, *, is_signed_in: bool) -> None:
    browser = at_the_desk(shop) if is_signed_in else a_browser(shop)

    strange = [
        rule.rule
        for rule in library_rules(shop)
        for answer in [browser.get(address_of(rule, "nothing"), follow_redirects=True)]
        if OURS not in answer.text
    ]

    assert strange == []


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_no_page_of_the_library_is_kept_by_anybody(shop: Shop, *, is_signed_in: bool) -> None:
    browser = at_the_desk(shop) if is_signed_in else a_browser(shop)

    said = {
        answer.headers["Cache-Control"]
        for rule in library_rules(shop)
        for answer in [browser.get(address_of(rule, "nothing"))]
    }

    assert said == {"no-store"}


def test_what_is_not_offered_is_shut(shop: Shop) -> None:
    browser = at_the_desk(shop)
    with without_tokens(shop):
        open_ones = [
            rule.endpoint
            for rule in library_rules(shop)
            if rule.endpoint.removeprefix(SECURITY) not in OFFERED
            for answer in [
                browser.get(address_of(rule, "nothing")),
                browser.post(address_of(rule, "nothing"), json={}),
            ]
            if answer.status_code not in {404, 405}
        ]

    assert open_ones == []


@pytest.mark.parametrize("sent", ["false", "true", "null", "1", '"x"', "[]", "[[1, 2]]", "{"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_json_that_is_no_form_is_refused(shop: Shop, sent: str, *, is_signed_in: bool) -> None:
    browser = at_the_desk(shop) if is_signed_in else a_browser(shop)
    with without_tokens(shop):
        broken = [
            (rule.rule, answer.status_code)
            for rule in library_rules(shop)
            for answer in [
                browser.post(
                    address_of(rule, "nothing"), data=sent, content_type="application/json"
                )
            ]
            if answer.status_code not in {400, 404, 405}
        ]

    # Whoever signs out sends nothing that anybody reads.
    assert [one for one in broken if one[0] != "/staff/sign-out"] == []


@contextmanager
def without_tokens(shop: Shop) -> Iterator[None]:
    """Let through what another site could send as well: the token is not what is asked about."""
    config = shop.app.extensions[STAFF].app.config
    config["WTF_CSRF_ENABLED"] = False
    try:
        yield
    finally:
        config["WTF_CSRF_ENABLED"] = True


@pytest.mark.parametrize("number", [0, 2**31 - 1, 2**31, 2**63, 10**30])
def test_a_number_that_no_row_has_is_no_address(shop: Shop, number: int) -> None:
    assert at_the_desk(shop).get(f"/staff/people/{number}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/staff/account/",
        "/staff/account/password",
        "/staff/account/second-factor",
        "/staff/account/app",
        "/staff/account/recovery-codes",
        "/staff/verify",
        "/staff/password",
        "/staff/password?asked=1",
        "/staff/people/",
        "/staff/people/new",
        "/staff/people/1",
    ],
)
def test_each_page_of_ours_answers(shop: Shop, path: str) -> None:
    page = at_the_desk(shop).get(path)

    assert page.status_code == 200
    assert OURS in page.text
