"""A new password by mail: the same answer for everybody, and a link that is good once."""

import re

import pytest
from sqlalchemy import func, select

from store.database import db, writing
from store.staff.audit import Actor
from store.staff.door_models import SignInAttempt
from store.staff.people import let_go, person_of
from tests.shop import Shop
from tests.staff.doing import (
    SIGN_IN,
    first_step,
    is_in,
    later,
    link_in,
    mails,
    run_jobs,
    send,
    sign_in,
)
from tests.staffing import Colleague, a_browser, a_colleague

FORGOTTEN = "/staff/password"
NEW = "another good password"


def new_link(shop: Shop, who: Colleague) -> str:
    send(a_browser(shop), FORGOTTEN, email=who.email)
    run_jobs(shop)
    return link_in(mails(shop, "staff.new_password")[-1])


def choose(shop: Shop, link: str, password: str = NEW) -> int:
    return send(a_browser(shop), link, password=password, again=password).status_code


def test_every_address_gets_the_same_answer(shop: Shop) -> None:
    who, gone = a_colleague(shop), a_colleague(shop)
    a_colleague(shop)
    with shop.app.app_context(), writing():
        let_go(person_of(gone.id), actor=Actor(None, "a test"), clock=shop.clock)

    answers = {
        (answer.status_code, answer.headers["Location"])
        for email in (who.email, gone.email, "nobody@example.org")
        for answer in [send(a_browser(shop), FORGOTTEN, email=email)]
    }
    run_jobs(shop)

    assert answers == {(303, f"{FORGOTTEN}?asked=1")}
    assert [mail.recipient for mail in mails(shop)] == [who.email]


def test_the_mail_tells_its_other_readers_nothing(shop: Shop) -> None:
    new_link(shop, a_colleague(shop))

    mail = mails(shop, "staff.new_password")[0]

    assert "password" not in mail.subject.lower()
    assert "/static/" not in mail.html
    assert link_in(mail) in mail.html


def test_the_link_sets_a_new_password_and_ends_every_session(shop: Shop) -> None:
    who = a_colleague(shop)
    browser = sign_in(shop, who)
    link = new_link(shop, who)

    status = choose(shop, link)

    assert status == 303
    assert not is_in(browser)
    assert first_step(a_browser(shop), who.email, NEW).status_code == 302
    assert first_step(a_browser(shop), who.email).status_code == 422


def test_the_second_factor_is_still_asked_for(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)

    choose(shop, new_link(shop, who))

    answer = first_step(a_browser(shop), who.email, NEW)
    assert answer.headers["Location"] == "/staff/second-step"


def test_a_link_is_good_once(shop: Shop) -> None:
    who = a_colleague(shop)
    link = new_link(shop, who)
    choose(shop, link)

    again = a_browser(shop).get(link)

    assert again.status_code == 410
    assert "opens nothing any more" in again.text


def test_one_link_used_makes_the_others_void(shop: Shop) -> None:
    who = a_colleague(shop)
    first, second = new_link(shop, who), new_link(shop, who)

    choose(shop, second)

    assert a_browser(shop).get(first).status_code == 410


def test_a_link_ends_after_an_hour(shop: Shop) -> None:
    link = new_link(shop, a_colleague(shop))

    later(shop, minutes=59)
    in_time = a_browser(shop).get(link).status_code
    later(shop, minutes=2)

    assert in_time == 200
    assert a_browser(shop).get(link).status_code == 410


def test_a_forged_link_opens_nothing(shop: Shop) -> None:
    who, other = a_colleague(shop), a_colleague(shop)
    link = new_link(shop, who)
    start, kind, number, since, signature = re.split(r"(?<=password)/|-", link, maxsplit=4)
    forged = [
        f"{start}/{kind}-{other.id:x}-{since}-{signature}",
        f"{start}/{kind}-{number}-{int(since, 16) + 3600:x}-{signature}",
        f"{start}/invitation-{number}-{since}-{signature}",
        f"{start}/nothing-{number}-{since}-{signature}",
        link[:-1],
        f"{start}/password-ffffffffffff-ffffffffffff-{signature}",
        f"{start}/password-fffffff-fffffffff-{signature}",
        f"{start}/password-{'0' * 24}",
    ]

    assert {a_browser(shop).get(path).status_code for path in forged} == {410}


def test_a_link_of_somebody_who_was_let_go_is_void(shop: Shop) -> None:
    who = a_colleague(shop)
    a_colleague(shop)
    link = new_link(shop, who)

    with shop.app.app_context(), writing():
        let_go(person_of(who.id), actor=Actor(None, "a test"), clock=shop.clock)

    assert choose_is_void(shop, link)


def choose_is_void(shop: Shop, link: str) -> bool:
    return a_browser(shop).get(link).status_code == 410


def test_a_short_password_is_refused_and_the_link_stays_good(shop: Shop) -> None:
    link = new_link(shop, a_colleague(shop))

    refused = choose(shop, link, "short")

    assert refused == 422
    assert choose(shop, link) == 303


def test_whoever_is_signed_in_is_asked_to_sign_out_first(shop: Shop) -> None:
    link, other = new_link(shop, a_colleague(shop)), sign_in(shop, a_colleague(shop))

    page = other.get(link)
    answer = send(other, link, page="/staff/verify", password=NEW, again=NEW)

    assert "Sign out first" in page.text
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@example.org", "x@example.org\nBcc: y@example.org"]
)
def test_what_is_no_address_is_told_so_and_kept(shop: Shop, email: str) -> None:
    answer = send(a_browser(shop), FORGOTTEN, email=email)

    assert answer.status_code == 422
    assert "That is no e-mail address" in answer.text
    with shop.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_the_token_travels_nowhere(shop: Shop) -> None:
    page = a_browser(shop).get(new_link(shop, a_colleague(shop)))

    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_whoever_was_only_invited_gets_no_link_by_forgetting(shop: Shop) -> None:
    who = a_colleague(shop)
    with shop.app.app_context(), writing():
        person_of(who.id).password = None

    send(a_browser(shop), FORGOTTEN, email=who.email)
    run_jobs(shop)

    assert mails(shop) == []


def test_the_way_there_stands_on_the_sign_in_page(shop: Shop) -> None:
    assert f'href="{FORGOTTEN}"' in a_browser(shop).get(SIGN_IN).text
