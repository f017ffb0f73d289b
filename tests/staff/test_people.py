"""Who works here: invited, given a role, let go; and there is always an owner."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.database import db, writing
from store.staff.audit import Actor
from store.staff.models import AuditEntry, StaffUser
from store.staff.people import LastOwnerError, give_role, person_of, person_with
from store.staff.roles import Role
from tests.shop import Shop
from tests.staff.doing import is_in, later, link_in, mails, send, set_up_app, sign_in
from tests.staffing import a_browser, a_colleague, at_the_desk, token_of

PEOPLE, NEW = "/staff/people/", "/staff/people/new"
ROBIN = {"name": "Robin Proof", "email": "robin@example.org", "role": "editor"}
PASSWORD = "robin’s good password"


def invite(owner: FlaskClient, **changed: str) -> int:
    return send(owner, PEOPLE, NEW, **(ROBIN | changed)).status_code


def robin(shop: Shop) -> int:
    with shop.app.app_context():
        found = person_with("robin@example.org")
        assert found
        return found.id


def come_in(shop: Shop, link: str) -> FlaskClient:
    browser = a_browser(shop)
    send(browser, link, password=PASSWORD, again=PASSWORD)
    return browser


def newest_invitation(shop: Shop) -> str:
    return link_in(mails(shop, "staff.invitation")[-1])


def test_somebody_is_invited_comes_in_and_is_led_to_a_second_factor(shop: Shop) -> None:
    invite(at_the_desk(shop))
    browser = a_browser(shop)

    answer = send(browser, newest_invitation(shop), password=PASSWORD, again=PASSWORD)

    assert answer.headers["Location"] == "/staff/account/second-factor?next=/staff/"
    assert is_in(browser)
    assert browser.get(PEOPLE).status_code == 403


def test_the_invitation_is_a_mail_of_ours(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner)

    mail = mails(shop, "staff.invitation")[0]

    assert mail.recipient == "robin@example.org"
    assert "Robin Proof" in mail.text
    assert "masthead" in mail.html
    assert "invited" in mail.subject


def test_an_invitation_is_good_once(shop: Shop) -> None:
    invite(at_the_desk(shop))
    link = newest_invitation(shop)
    come_in(shop, link)

    assert a_browser(shop).get(link).status_code == 410


def test_an_invitation_ends_after_seven_days(shop: Shop) -> None:
    invite(at_the_desk(shop))
    link = newest_invitation(shop)

    later(shop, days=7, minutes=-1)
    in_time = a_browser(shop).get(link).status_code
    later(shop, minutes=2)

    assert in_time == 200
    assert a_browser(shop).get(link).status_code == 410
    assert "Invitation expired" in at_the_desk(shop).get(PEOPLE).text


def test_a_second_invitation_makes_the_first_void(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner)
    first = newest_invitation(shop)
    later(shop, minutes=1)

    send(owner, f"/staff/people/{robin(shop)}/invitation", page=NEW)

    second = newest_invitation(shop)
    assert a_browser(shop).get(first).status_code == 410
    assert is_in(come_in(shop, second))


def test_whoever_came_in_is_not_invited_again(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner)
    come_in(shop, newest_invitation(shop))

    answer = send(owner, f"/staff/people/{robin(shop)}/invitation", page=NEW)

    assert answer.status_code == 409
    assert len(mails(shop, "staff.invitation")) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "robin"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    shop: Shop, changed: dict[str, str], field: str
) -> None:
    answer = send(at_the_desk(shop), PEOPLE, NEW, **(ROBIN | changed))

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    kept = "robin@example.org" if field == "name" else "Robin Proof"
    assert f'value="{kept}"' in answer.text


@pytest.mark.parametrize("role", ["", "admin", "Owner"])
def test_a_role_is_one_of_ours(shop: Shop, role: str) -> None:
    assert invite(at_the_desk(shop), role=role) == 422


def test_an_address_is_invited_once_in_whatever_letters(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner)

    answer = send(owner, PEOPLE, NEW, **(ROBIN | {"email": "ROBIN@Example.org"}))

    assert answer.status_code == 422
    assert "works here already" in answer.text


def test_names_are_shown_as_text(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner, name="<script>alert(1)</script>")

    assert "<script>alert" not in owner.get(PEOPLE).text
    assert "<script>alert" not in mails(shop, "staff.invitation")[0].html


def test_a_role_holds_from_the_next_page_on(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner)
    browser = come_in(shop, newest_invitation(shop))
    set_up_app(shop, browser)

    send(owner, f"/staff/people/{robin(shop)}/role", page=NEW, role="analyst")

    assert browser.get("/staff/changes/").status_code == 200
    with shop.app.app_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.act == "person.role_given")
        ).one()
        assert (entry.before, entry.after) == ({"role": "editor"}, {"role": "analyst"})


def test_whoever_is_let_go_is_out_at_once_and_cannot_come_back(shop: Shop) -> None:
    owner = at_the_desk(shop)
    invite(owner)
    browser = come_in(shop, newest_invitation(shop))

    send(owner, f"/staff/people/{robin(shop)}/let-go", page=NEW)
    is_out = not is_in(browser)
    send(owner, f"/staff/people/{robin(shop)}/take-back", page=NEW)

    assert is_out
    assert not is_in(browser)


def test_there_is_always_an_owner(shop: Shop) -> None:
    owner = at_the_desk(shop)
    with shop.app.app_context():
        only = db.session.scalars(select(StaffUser.id)).one()

    gone = send(owner, f"/staff/people/{only}/let-go", page=NEW)
    demoted = send(owner, f"/staff/people/{only}/role", page=NEW, role="editor")

    assert (gone.status_code, demoted.status_code) == (409, 409)
    assert "Make somebody else an owner first" in gone.text
    assert owner.get(PEOPLE).status_code == 200


@pytest.mark.slow
def test_two_owners_do_not_let_go_of_each_other_at_the_same_moment(shop: Shop) -> None:
    pair = [a_colleague(shop), a_colleague(shop)]

    def demote(person_id: int) -> bool:
        with shop.app.app_context():
            try:
                with writing():
                    actor = Actor(None, "a test")
                    give_role(person_of(person_id), Role.EDITOR, actor=actor, clock=shop.clock)
            except LastOwnerError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, [who.id for who in pair]))

    assert sorted(done) == [False, True]


def test_an_owner_removes_the_second_factor_of_somebody_who_lost_it(shop: Shop) -> None:
    owner, who = at_the_desk(shop), a_colleague(shop, role=Role.EDITOR, has_app=True)

    send(owner, f"/staff/people/{who.id}/second-factors/remove", page=NEW)

    assert is_in(sign_in(shop, who))
    assert [mail.recipient for mail in mails(shop, "staff.factors_removed")] == [who.email]


def test_a_persons_page_shows_what_she_changed_and_what_was_changed_about_her(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)
    invite(browser)
    send(browser, f"/staff/people/{robin(shop)}/role", page=NEW, role="analyst")

    page = browser.get(f"/staff/people/{who.id}").text

    assert re.search(r"Gave another role</strong>.*Robin Proof", page)
    assert "Set up an authenticator app" in page


def test_the_list_costs_the_same_however_many_work_here(shop: Shop) -> None:
    owner = at_the_desk(shop)
    for _ in range(3):
        a_colleague(shop)

    page = owner.get(PEOPLE).text

    assert page.count('<th scope="row">') == 4


def test_only_owners_look_after_people(shop: Shop) -> None:
    manager = at_the_desk(shop, role=Role.MANAGER)
    token = token_of(manager, "/staff/verify")

    answers = [
        manager.get(PEOPLE),
        manager.get(NEW),
        manager.post(PEOPLE, data=ROBIN | {"csrf_token": token}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    with shop.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StaffUser)) == 1
