"""What happens at the door stands in the log: who, from where, what and when, and no secret."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from store.keyed import email_hash_of
from store.staff.roles import Role
from tests.shop import Shop
from tests.staff.doing import (
    ACCOUNT,
    APP,
    SECOND_STEP,
    first_step,
    later,
    link_in,
    mails,
    send,
    set_up_app,
    sign_in,
)
from tests.staffing import PASSWORD, a_browser, a_colleague, at_the_desk

FROM = "203.0.113.77"
PEOPLE, NEW = "/staff/people/", "/staff/people/new"
Entry = dict[str, Any]


@pytest.fixture
def browser(shop: Shop) -> FlaskClient:
    found = a_browser(shop)
    found.environ_base["REMOTE_ADDR"] = FROM
    return found


def lines(capsys: pytest.CaptureFixture[str], *events: str) -> list[Entry]:
    """Return what was written of these; each says when, where and in which request."""
    written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    found = [entry for entry in written if entry["event"] in events]
    assert all(entry["timestamp"] and entry["request_id"] for entry in found)
    return found


def test_a_sign_in_says_who_from_where_and_by_what(
    shop: Shop, browser: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    who = a_colleague(shop, role=Role.MANAGER, has_app=True)
    first_step(browser, who.email)
    send(browser, SECOND_STEP, code=who.app.code())

    taken, into = lines(capsys, "sign_in_step_taken", "signed_in")

    account = email_hash_of(who.email, shop.services.settings)[:12]
    assert (taken["account"], taken["step"]) == (account, "password")
    assert (into["person"], into["role"], into["step"]) == (who.id, "manager", "code")
    assert {entry["network"] for entry in (taken, into)} == {"203.0.113.*"}


@pytest.mark.parametrize("is_known", [True, False])
def test_a_wrong_password_is_a_warning_that_names_nobody(
    shop: Shop, browser: FlaskClient, capsys: pytest.CaptureFixture[str], *, is_known: bool
) -> None:
    email = a_colleague(shop).email if is_known else "nobody@example.org"
    first_step(browser, email, "a password of somebody else")

    written = capsys.readouterr().err
    entry = next(entry for entry in map(json.loads, written.splitlines()) if "account" in entry)

    assert (entry["event"], entry["level"]) == ("sign_in_refused", "warning")
    assert (entry["step"], entry["network"]) == ("password", "203.0.113.*")
    assert entry["account"] == email_hash_of(email, shop.services.settings)[:12]
    assert entry["person"] is None
    assert email not in written
    assert "somebody else" not in written
    assert FROM not in written


def test_wrong_codes_and_those_who_guess_are_written_down(
    shop: Shop, browser: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    who = a_colleague(shop, has_app=True)
    first_step(browser, who.email)
    for _ in range(11):
        send(browser, SECOND_STEP, code="000000")

    found = lines(capsys, "sign_in_refused", "tries_refused")

    account = email_hash_of(who.email, shop.services.settings)[:12]
    assert [entry["event"] for entry in found] == ["sign_in_refused"] * 10 + ["tries_refused"]
    assert {entry["account"] for entry in found} == {account}
    assert found[0]["step"] == "code"
    assert found[-1]["purpose"] == "proof"


def test_a_proof_and_a_sign_out_are_written_down(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)
    later(shop, minutes=11)
    send(browser, "/staff/verify", code="000000")
    send(browser, "/staff/verify", code=who.app.code())
    send(browser, "/staff/sign-out", page=ACCOUNT)

    found = lines(capsys, "proof_taken", "proof_refused", "signed_out")

    assert [entry["event"] for entry in found] == ["proof_refused", "proof_taken", "signed_out"]
    assert {entry["person"] for entry in found} == {who.id}


def test_changes_of_factors_and_passwords_are_written_down(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    who, new = a_colleague(shop), "lantern gravel oboe thursday"
    browser = sign_in(shop, who)
    app = set_up_app(shop, browser)
    send(browser, "/staff/account/recovery-codes")
    fields = {"old_password": PASSWORD, "password": new, "again": new}
    send(browser, "/staff/account/password", **fields)
    send(browser, f"{APP}/remove", page=ACCOUNT)

    written = capsys.readouterr().err
    acts = [entry for entry in map(json.loads, written.splitlines()) if "act" in entry]

    assert [entry["act"] for entry in acts] == [
        "person.app_set_up",
        "person.codes_made",
        "person.password_changed",
        "person.app_removed",
    ]
    assert {(entry["actor"], entry["thing"]) for entry in acts} == {(who.id, str(who.id))}
    assert not any(secret in written for secret in (PASSWORD, new, app.key, app.code(), who.email))


def test_invitations_roles_and_letting_go_are_written_down(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = at_the_desk(shop)
    form = {"name": "Robin Proof", "email": "robin@example.org", "role": "editor"}
    send(owner, PEOPLE, NEW, **form)
    number = re.search(r"/staff/people/(\d+)", owner.get(PEOPLE).text.split("Robin Proof")[0][-80:])
    assert number
    send(owner, f"{PEOPLE}{number[1]}/role", page=NEW, role="analyst")
    link, good = link_in(mails(shop, "staff.invitation")[-1]), "lantern gravel oboe thursday"
    send(a_browser(shop), link, password=good, again=good)
    send(owner, f"{PEOPLE}{number[1]}/let-go", page=NEW)

    written = capsys.readouterr().err
    found = [json.loads(line) for line in written.splitlines()]
    acts = [(entry["act"], entry.get("role")) for entry in found if "act" in entry]

    assert acts == [
        ("person.added", "editor"),
        ("person.role_given", "analyst"),
        ("person.joined", None),
        ("person.let_go", None),
    ]
    assert [entry["step"] for entry in found if entry["event"] == "signed_in"] == ["link"]
    assert not any(secret in written for secret in ("robin@", "Robin Proof", link, good))


def test_whoever_is_refused_a_page_is_named_with_what_it_asks(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    who = a_colleague(shop, role=Role.EDITOR, has_app=True)
    browser = sign_in(shop, who)
    browser.get(PEOPLE)

    (refused,) = lines(capsys, "permission_refused")

    assert (refused["person"], refused["role"]) == (who.id, "editor")
    assert (refused["permission"], refused["endpoint"]) == ("manage_staff", "people.index")


def test_whoever_owes_a_factor_is_named_too(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    who = a_colleague(shop)
    sign_in(shop, who).get("/staff/")

    (owed,) = lines(capsys, "factor_owed")

    assert (owed["person"], owed["endpoint"]) == (who.id, "home.home")


def test_readers_are_not_named_by_what_staff_did_before_them(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in(shop, a_colleague(shop, has_app=True)).get("/staff/")
    capsys.readouterr()

    shop.browser().get("/nothing", environ_overrides={"REMOTE_ADDR": FROM})

    assert all("person" not in line and "network" not in line for line in lines(capsys, "request"))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("2001:db8:77:1::7", "2001:0db8:0077:*"),
        ("::ffff:203.0.113.77", "203.0.113.*"),
        ("127.0.0.1", ""),
        ("nonsense", "unknown"),
    ],
)
def test_networks_are_shortened_and_not_masked(
    shop: Shop, capsys: pytest.CaptureFixture[str], address: str, shown: str
) -> None:
    shop.browser().get("/staff/sign-in", environ_overrides={"REMOTE_ADDR": address})

    (entry,) = lines(capsys, "request")

    assert entry["network"] == shown
