"""Who is not written to is looked up by address, noted and lifted, and each act is written down."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.bounces.models import MailReport
from store.newsletter.bounces.taking import keep_unclear
from store.newsletter.models import Suppression, SuppressionReason
from store.newsletter.subscribing import suppress
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.newsletter.bounces.returning import hard, taken
from tests.newsletter.bounces.samples import READER
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PAGE = "/staff/suppressions/"


@pytest.fixture
def editor(shop: Shop) -> FlaskClient:
    return at_the_desk(shop, role=Role.EDITOR)


def post(browser: FlaskClient, path: str = "", **form: str) -> TestResponse:
    token = {"csrf_token": token_of(browser, PAGE)}
    return browser.post(PAGE + path, data={"email": READER} | form | token)


def note(shop: Shop, reason: str) -> None:
    with shop.app.app_context(), writing():
        suppress(
            email_hash_of(READER, shop.services.settings), SuppressionReason(reason), shop.clock
        )


def bounced(shop: Shop) -> None:
    with shop.app.app_context():
        taken(shop, hard(shop))


def noted(shop: Shop) -> list[str]:
    with shop.app.app_context():
        return list(db.session.scalars(select(Suppression.reason)))


def acts(shop: Shop) -> list[str]:
    with shop.app.app_context():
        return list(db.session.scalars(select(AuditEntry.act)))


def test_subscribers_lead_there_and_stay_marked(shop: Shop) -> None:
    desk = at_the_desk(shop)

    assert f'href="{PAGE}"' in desk.get("/staff/subscribers/").text
    page = desk.get(PAGE).text
    assert page.index("aria-current") > page.index('href="/staff/subscribers/"')


def test_an_address_is_looked_up_and_found(shop: Shop, editor: FlaskClient) -> None:
    bounced(shop)

    answer = post(editor, "look-up", email=f" {READER.upper()} ")

    assert answer.status_code == 200
    assert "Nobody reads there" in answer.text
    assert "550 5.1.1 User unknown" in answer.text


def test_an_address_that_is_written_to_is_said_so(editor: FlaskClient) -> None:
    assert "Written to" in post(editor, "look-up").text


def test_what_is_no_address_is_said_beside_the_field(editor: FlaskClient) -> None:
    answer = post(editor, "look-up", email="river")

    assert answer.status_code == 422
    assert "That is no e-mail address." in answer.text


def test_an_address_is_noted_by_hand_with_why(shop: Shop, editor: FlaskClient) -> None:
    assert post(editor, words="").status_code == 422
    assert noted(shop) == []

    assert post(editor, words="Asked us on the phone").status_code == 303

    assert noted(shop) == ["by_hand"]
    page = post(editor, "look-up").text
    assert "Asked us on the phone" in page
    assert "Noted an address that is not mailed" in page


def test_what_is_written_down_does_not_name_the_address(shop: Shop, editor: FlaskClient) -> None:
    post(editor, words="Asked us on the phone")

    with shop.app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert READER not in str((entry.thing_id, entry.label, entry.before, entry.after))


def test_a_manager_lifts_what_bounced(shop: Shop) -> None:
    bounced(shop)
    manager = at_the_desk(shop, role=Role.MANAGER)
    assert post(manager, "lift", words=" ").status_code == 422

    assert post(manager, "lift", words="The mailbox was full").status_code == 303

    assert noted(shop) == []
    assert acts(shop) == ["suppression.lifted"]


def test_an_editor_lifts_nothing(shop: Shop, editor: FlaskClient) -> None:
    bounced(shop)

    assert post(editor, "lift", words="I want to").status_code == 403
    assert "An owner or a manager can lift this." in post(editor, "look-up").text
    assert noted(shop) == ["bounced"]


@pytest.mark.parametrize("reason", ["disowned", "complained", "erased"])
def test_nobody_lifts_what_its_reader_asked_for(shop: Shop, reason: str) -> None:
    note(shop, reason)
    owner = at_the_desk(shop)

    answer = post(owner, "lift", words="Trust me")

    assert answer.status_code == 409
    assert "nobody else can take it back" in answer.text
    assert noted(shop) == [reason]
    assert acts(shop) == []


def test_reasons_are_counted(shop: Shop, editor: FlaskClient) -> None:
    note(shop, "complained")

    assert "Called a mail spam" in editor.get(PAGE).text


def test_what_could_not_be_read_waits_until_somebody_did(shop: Shop, editor: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        keep_unclear("mailbox", "1", "It names no mail.", "<b>Sorry</b>", shop.services)
        report_id = db.session.scalars(select(MailReport.id)).one()
    page = editor.get(PAGE).text
    assert "It names no mail." in page
    assert "&lt;b&gt;Sorry&lt;/b&gt;" in page
    assert "report to read" in editor.get("/staff/").text

    assert post(editor, f"reports/{report_id}/put-aside").status_code == 303

    assert "It names no mail." not in editor.get(PAGE).text
    assert acts(shop) == ["mail_report.put_aside"]
    assert post(editor, f"reports/{report_id}/put-aside").status_code == 404
