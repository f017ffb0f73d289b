"""What readers sent is read, taken up and forgotten; a stranger's file is never shown."""

from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db, writing
from store.staff.models import AuditEntry
from store.staff.roles import Role
from store.tips.files import GivenFile, given_file
from store.tips.models import Tip, TipFile
from store.tips.telling import NewTip, tell
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

TIPS = "/staff/inbox/tips"


def a_tip(
    shop: Shop,
    message: str = "Something happened.",
    *,
    contact: str = "",
    file: GivenFile | None = None,
) -> int:
    with shop.app.app_context(), writing():
        return tell(NewTip(message, contact, file=file), shop.services)


def press(browser: FlaskClient, path: str, page: str, **form: object) -> None:
    token = {"csrf_token": token_of(browser, page)}
    assert browser.post(path, data=form | token).status_code == 303


def test_a_tip_is_read_as_it_was_written_and_nothing_of_it_runs(shop: Shop) -> None:
    a_tip(shop, "<script>alert(1)</script>\n=cmd()", contact="Robin")
    browser = at_the_desk(shop, role=Role.EDITOR)

    page = browser.get(TIPS).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Robin" in page


def test_a_tip_that_was_taken_up_waits_no_longer(shop: Shop) -> None:
    tip_id, browser = a_tip(shop, "Look here."), at_the_desk(shop)

    press(browser, f"{TIPS}/{tip_id}/handled", TIPS, handled=1)

    assert "Look here." not in browser.get(TIPS).text
    assert "Look here." in browser.get(f"{TIPS}?all=1").text


def test_a_strangers_file_is_saved_and_never_shown(shop: Shop) -> None:
    file = given_file("evidence.html.txt", b"<script>alert(1)</script>")
    tip_id, browser = a_tip(shop, file=file), at_the_desk(shop)

    answer = browser.get(f"{TIPS}/{tip_id}/file")

    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_forgotten_tip_leaves_nothing_but_that_it_was(shop: Shop) -> None:
    file = given_file("evidence.txt", b"words")
    tip_id, browser = a_tip(shop, "A secret.", file=file), at_the_desk(shop)

    press(browser, f"{TIPS}/{tip_id}/forget", TIPS)

    with shop.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Tip)) == 0
        assert db.session.scalar(select(func.count()).select_from(TipFile)) == 0
        entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.before, entry.after) == ("tip.forgotten", None, None)


def test_address_of_signups_leads_on_to_their_section(shop: Shop) -> None:
    answer = at_the_desk(shop).get("/staff/inbox/newsletter")

    assert (answer.status_code, answer.location) == (303, "/staff/subscribers/")
