"""Every mail hangs on one wall at the desk, and each is a document that may do nothing."""

import pytest
from flask.testing import FlaskClient

from store.database import writing
from store.staff.gallery import hung
from store.staff.roles import Role
from tests.browser.letters import every_template
from tests.builders import a_product
from tests.shop import Shop
from tests.staffing import at_the_desk

WALL = "/staff/wording/gallery"
CONFIRMED = f"{WALL}/orders/confirmed"


@pytest.fixture
def desk(shop: Shop) -> FlaskClient:
    return at_the_desk(shop, role=Role.MANAGER)


def test_every_mail_of_the_shop_hangs_there(desk: FlaskClient) -> None:
    page = desk.get(WALL).text

    assert {mail.template.replace("/", ".") for mail in hung()} == every_template()
    assert page.count("<iframe") == len(every_template())


def test_each_mail_is_drawn_in_each_look(desk: FlaskClient) -> None:
    for mail in hung():
        for look in ("mailbox", "phone", "dark", "bare", "text"):
            answer = desk.get(f"{WALL}/{mail.template}?look={look}")

            assert answer.status_code == 200, (mail.template, look)
            assert answer.mimetype == ("text/plain" if look == "text" else "text/html")


def test_a_mail_may_do_nothing_and_stands_in_our_frames_alone(desk: FlaskClient) -> None:
    policy = desk.get(CONFIRMED).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert policy.endswith("sandbox")
    assert "script-src" not in policy


def test_pictures_off_is_pictures_off(desk: FlaskClient) -> None:
    policy = desk.get(f"{CONFIRMED}?look=bare").headers["Content-Security-Policy"]

    assert "img-src 'none'" in policy


def test_night_is_shown_whatever_the_edition_of_whoever_looks(desk: FlaskClient) -> None:
    dark, light = (desk.get(f"{CONFIRMED}?look={look}").text for look in ("dark", "mailbox"))

    assert "prefers-color-scheme: dark" not in dark + light
    assert "@media all" in dark
    assert "@media not all" in light


def test_a_campaign_is_drawn_with_what_is_new_in_the_shop(shop: Shop, desk: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Night desk mug")

    assert "Night desk mug" in desk.get(f"{WALL}/newsletter/campaign").text


def test_there_is_no_mail_of_another_name(desk: FlaskClient) -> None:
    assert desk.get(f"{WALL}/orders/nothing").status_code == 404
