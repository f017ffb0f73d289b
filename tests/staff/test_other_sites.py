"""A page of another site sends a form in the name of somebody who is signed in: nothing happens."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db
from store.staff.models import AuditEntry
from tests.shop import Shop
from tests.staff.addresses import address_of
from tests.staff.test_permissions import methods_of, rules
from tests.staffing import at_the_desk, token_of


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    return at_the_desk(shop)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_address_takes_a_form_of_another_site(
    shop: Shop, browser: FlaskClient, site: str
) -> None:
    """Not even with the right token: a page that got hold of one still is not ours."""
    token = {"csrf_token": token_of(browser, "/staff/account/")}
    headers = {"Sec-Fetch-Site": site, "Origin": "https://elsewhere.example"}

    taken = [
        (rule.rule, answer.status_code)
        for rule in rules(shop)
        if "POST" in methods_of(rule)
        for answer in [browser.post(address_of(rule, 1), data=token, headers=headers)]
        if answer.status_code != 403
    ]

    assert taken == []
    with shop.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_what_is_refused_unseen_is_told_in_the_look_of_the_desk(browser: FlaskClient) -> None:
    refused = [
        browser.post("/staff/shop/", headers={"Sec-Fetch-Site": "cross-site"}),
        browser.post("/staff/shop/", data={"note": "a\0b"}),
    ]

    assert [answer.status_code for answer in refused] == [403, 400]
    assert all('<body class="desk' in answer.text for answer in refused)
    assert "That form did not come from our pages" in refused[0].text
