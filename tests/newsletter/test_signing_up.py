"""Promises to whoever's address is typed into a signup box, by herself or by somebody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.forgetting import forget_unconfirmed
from store.newsletter.limits import MOST_OF_ONE_DOMAIN, MOST_OF_ONE_NETWORK
from store.newsletter.models import ConsentEntry, SignupAttempt, Subscriber, Suppression
from store.newsletter.subscribing import Invite, erase, invite, suppress
from tests.newsletter.signing_up import (
    ADDRESS,
    SAME_SITE,
    ask,
    join,
    kinds,
    ledger,
    mails,
    newest_link,
    post,
    run_jobs,
    sign_up,
    subscribers,
    traces,
)
from tests.shop import Shop

DAY = timedelta(days=1)
FAR_AWAY = {"REMOTE_ADDR": "203.0.113.77"}


def wait(shop: Shop, time: timedelta) -> None:
    shop.clock.move_to(shop.clock.now() + time)


def test_nobody_is_on_the_list_before_she_says_so(app: Flask, shop: Shop) -> None:
    ask(shop)

    assert subscribers() == [(ADDRESS, "pending")]
    assert kinds() == ["invitation"]

    answer = post(shop, newest_link("confirm"))

    assert "You are on the list" in answer.text
    assert subscribers() == [(ADDRESS, "confirmed")]
    assert kinds() == ["invitation", "welcome"]
    assert ledger() == ["asked", "confirmed"]


def test_one_click_takes_her_off_again(app: Flask, shop: Shop) -> None:
    join(shop)

    answer = post(shop, newest_link("leave"))

    assert "You are off the list" in answer.text
    assert subscribers() == [(ADDRESS, "left")]
    assert ledger() == ["asked", "confirmed", "left"]


def test_mail_program_leaves_without_a_browser(app: Flask, shop: Shop) -> None:
    join(shop)
    welcome = mails()[-1]

    link = welcome.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    answer = shop.browser().post(
        link,
        data="List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
    )

    assert welcome.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert answer.status_code == 200
    assert subscribers() == [(ADDRESS, "left")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%%%",
        b"\xff\xfe",
        b"List-Unsubscribe=One-Click" * 50,
        b"a=\0",
        b"a=1&" * 300,
        b"a" * 2**21,
    ],
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_leaving_is_lenient_about_the_body(app: Flask, shop: Shop, body: bytes, kind: str) -> None:
    join(shop)

    answer = shop.browser().post(newest_link("leave"), data=body, content_type=kind)

    assert answer.status_code == 200
    assert subscribers() == [(ADDRESS, "left")]


def test_scanner_that_opens_every_link_changes_nothing(app: Flask, shop: Shop) -> None:
    ask(shop)
    for method in ("GET", "HEAD", "OPTIONS"):
        shop.browser().open(newest_link("confirm"), method=method)
    assert subscribers() == [(ADDRESS, "pending")]

    post(shop, newest_link("confirm"))
    for method in ("GET", "HEAD", "OPTIONS"):
        shop.browser().open(newest_link("leave"), method=method)
    assert subscribers() == [(ADDRESS, "confirmed")]


def test_confirming_twice_is_confirming_once(app: Flask, shop: Shop) -> None:
    ask(shop)
    link = newest_link("confirm")

    post(shop, link)
    again = post(shop, link)

    assert "You are on the list" in again.text
    assert ledger() == ["asked", "confirmed"]
    assert kinds() == ["invitation", "welcome"]


def test_old_link_brings_nobody_back_who_left(app: Flask, shop: Shop) -> None:
    ask(shop)
    old = newest_link("confirm")
    post(shop, old)
    post(shop, newest_link("leave"))

    answer = post(shop, old)

    assert "You have left the list since" in answer.text
    assert subscribers() == [(ADDRESS, "left")]


def test_clicks_at_the_same_moment_follow_each_other(app: Flask, shop: Shop) -> None:
    clicks: list[tuple[str, dict[str, str]]] = []
    for number in range(5):
        ask(shop, f"river{number}@example.org")
        clicks += [(newest_link("confirm"), fields) for fields in 2 * [{}, {"disown": "1"}]]

    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(lambda click: post(shop, click[0], **click[1]), clicks))

    assert {answer.status_code for answer in answers} <= {200, 404}


def test_who_left_may_come_back_by_asking(app: Flask, shop: Shop) -> None:
    join(shop)
    post(shop, newest_link("leave"))
    wait(shop, 2 * DAY)

    ask(shop)
    assert subscribers() == [(ADDRESS, "pending")]
    post(shop, newest_link("confirm"))

    assert subscribers() == [(ADDRESS, "confirmed")]


def test_who_left_and_never_came_back_stays_away(app: Flask, shop: Shop) -> None:
    join(shop)
    post(shop, newest_link("leave"))
    wait(shop, 2 * DAY)
    ask(shop)
    wait(shop, 8 * DAY)

    forget_unconfirmed(shop.services)

    assert subscribers() == [(ADDRESS, "left")]


def test_address_that_nobody_confirms_vanishes_after_a_week(app: Flask, shop: Shop) -> None:
    ask(shop)
    wait(shop, 6 * DAY)
    assert forget_unconfirmed(shop.services) == 0
    wait(shop, 2 * DAY)

    assert forget_unconfirmed(shop.services) == 1

    assert traces() == []
    assert ledger() == ["asked", "expired"]


def test_who_is_invited_anew_is_not_forgotten_at_that_moment(app: Flask, shop: Shop) -> None:
    ask(shop)
    wait(shop, 8 * DAY)

    def forget() -> int:
        with shop.app.app_context():
            return forget_unconfirmed(shop.services)

    with ThreadPoolExecutor() as workers:
        with writing():
            invite(Invite(ADDRESS, "", "page", "", "", "", ""), shop.services)
            forgotten = workers.submit(forget)
            sleep(0.3)

        assert forgotten.result() == 0


def test_links_work_beyond_the_year_2038(app: Flask, shop: Shop) -> None:
    shop.clock.move_to(datetime(2040, 2, 29, tzinfo=UTC))
    join(shop)

    assert subscribers() == [(ADDRESS, "confirmed")]


def test_link_older_than_a_week_says_so(app: Flask, shop: Shop) -> None:
    ask(shop)
    wait(shop, 8 * DAY)

    answer = post(shop, newest_link("confirm"))

    assert answer.status_code == 410
    assert "This link has grown old" in answer.text
    assert subscribers() == [(ADDRESS, "pending")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-1],
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link + "A",
        lambda link: link.replace("/confirm/", "/leave/"),
        lambda link: link.replace("/confirm/1-", "/confirm/2-"),
        lambda link: link.replace("/confirm/1-", "/confirm/zzzz-"),
        lambda link: link.replace("/confirm/1-", "/confirm/ffffffffffff-"),
        lambda link: link[:20] + "x" * 3000,
        lambda link: link[:20] + "é-é-é",
    ],
)
def test_forged_or_cut_link_opens_nothing(app: Flask, shop: Shop, spoil: object) -> None:
    ask(shop)
    assert callable(spoil)
    link = spoil(newest_link("confirm"))

    assert post(shop, link).status_code == 404
    assert shop.browser().get(link).status_code == 404
    assert subscribers() == [(ADDRESS, "pending")]


def test_this_was_not_me_forgets_the_address_for_good(app: Flask, shop: Shop) -> None:
    ask(shop)

    answer = post(shop, newest_link("confirm"), disown="1")
    wait(shop, 30 * DAY)
    ask(shop)

    assert "We have removed the address" in answer.text
    assert subscribers() == []
    assert kinds() == ["invitation"]


def test_this_was_not_me_leaves_no_trace_of_the_address(app: Flask, shop: Shop) -> None:
    ask(shop)

    post(shop, newest_link("confirm"), disown="1")

    assert traces() == []
    assert [mail.kind for mail in mails()] == ["newsletter.invitation"]


def test_only_she_herself_undoes_an_erasure(app: Flask, shop: Shop) -> None:
    with writing():
        suppress(email_hash_of(ADDRESS, shop.services.settings), "erased", shop.clock)

    join(shop)

    assert subscribers() == [(ADDRESS, "confirmed")]


def test_erasing_leaves_a_keyed_hash_alone(app: Flask, shop: Shop) -> None:
    join(shop)

    with writing():
        erase(db.session.scalars(select(Subscriber)).one(), shop.services)

    assert traces() == []
    (suppression,) = db.session.scalars(select(Suppression))
    assert suppression.email_hash == email_hash_of(ADDRESS, shop.services.settings)


def test_this_was_not_me_outlives_an_erasure(app: Flask, shop: Shop) -> None:
    with writing():
        suppress(email_hash_of(ADDRESS, shop.services.settings), "erased", shop.clock)
    ask(shop)
    post(shop, newest_link("confirm"), disown="1")
    wait(shop, 2 * DAY)

    ask(shop)

    assert kinds() == ["invitation"]
    assert subscribers() == []


def test_mailbox_is_not_flooded_by_asking_again(app: Flask, shop: Shop) -> None:
    for _day in range(10):
        ask(shop)
        ask(shop)
        wait(shop, DAY)

    assert kinds() == ["invitation"] * 3


def test_three_invitations_are_three_even_when_the_row_has_vanished(app: Flask, shop: Shop) -> None:
    for _month in range(6):
        ask(shop)
        wait(shop, 30 * DAY)
        forget_unconfirmed(shop.services)

    assert kinds() == ["invitation"] * 3
    assert ledger() == ["asked", "expired"] * 3


def test_member_who_asks_again_is_told_at_most_once_a_day(app: Flask, shop: Shop) -> None:
    join(shop)
    ask(shop)
    ask(shop)

    assert kinds() == ["invitation", "welcome", "already"]


def in_every_state(shop: Shop) -> list[str]:
    """Return one address a state: new, pending, confirmed, left, suppressed, over its limit."""
    ask(shop, "pending@example.org")
    join(shop, "confirmed@example.org")
    join(shop, "left@example.org")
    post(shop, newest_link("leave"))
    ask(shop, "suppressed@example.org")
    post(shop, newest_link("confirm"), disown="1")
    return [f"{state}@example.org" for state in "new pending confirmed left suppressed".split()]


@pytest.mark.parametrize("path", ["/newsletter", "/widget/v1/newsletter"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_answer_tells_nobody_who_is_on_the_list(
    app: Flask, shop: Shop, path: str, accept: str
) -> None:
    answers = set()
    for email in in_every_state(shop):
        statements: list[str] = []

        def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
            # Processes ask for the version by the clock, whoever is answered meanwhile.
            if "public_version" not in statement and not statement.startswith(("PRAGMA", "BEGIN")):
                statements.append(statement.partition(" ")[0])  # noqa: B023 - one list a turn

        event.listen(db.engine, "before_cursor_execute", note)
        answer = shop.browser().post(
            path, data={"email": email}, headers={**SAME_SITE, "Accept": accept}
        )
        event.remove(db.engine, "before_cursor_execute", note)
        answers.add((answer.status_code, answer.get_data(), tuple(statements)))

    assert len(answers) == 1
    assert next(iter(answers))[0] == (202 if accept == "application/json" else 303)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "river",
        "river@",
        "@example.org",
        "a b@example.org",
        "river@example.org\r\nBcc: all@example.org",
        "river@example.org, sea@example.org",
        "x" * 310 + "@example.org",
        "x" * 100_000,
        "river@localhost",
        "<script>@example.org",
    ],
)
def test_what_is_no_address_is_given_back(app: Flask, reader: FlaskClient, email: str) -> None:
    answer = sign_up(reader, email)

    assert answer.status_code == 422
    assert "That is no e-mail address" in answer.text
    assert "<script>@" not in answer.text
    assert db.session.scalar(select(func.count()).select_from(SignupAttempt)) == 0


def test_robot_gets_the_answer_that_everybody_gets(app: Flask, shop: Shop) -> None:
    robot = sign_up(shop.browser(), "robot@example.org", website="https://spam.example")
    person = sign_up(shop.browser(), "person@example.org")
    run_jobs(shop)

    assert (robot.status_code, robot.data) == (person.status_code, person.data)
    assert subscribers() == [("person@example.org", "pending")]


def test_one_network_has_its_share_of_an_hour(app: Flask, shop: Shop) -> None:
    reader = shop.browser()

    def from_afar(number: int) -> int:
        return reader.post(
            "/newsletter",
            data={"email": f"reader{number}@gmail.com"},
            headers={**SAME_SITE, "Accept": "application/json"},
            environ_overrides=FAR_AWAY,
        ).status_code

    answers = [from_afar(number) for number in range(MOST_OF_ONE_NETWORK + 1)]
    wait(shop, timedelta(hours=1, seconds=1))

    assert answers == [202] * MOST_OF_ONE_NETWORK + [429]
    assert from_afar(99) == 202


def test_one_small_domain_has_its_share_of_an_hour(app: Flask, shop: Shop) -> None:
    reader = shop.browser()

    answers = [
        sign_up(reader, f"reader{number}@small.example.org").status_code
        for number in range(MOST_OF_ONE_DOMAIN + 1)
    ]

    assert answers == [303] * MOST_OF_ONE_DOMAIN + [429]


def test_limit_says_when_to_come_back_and_keeps_what_was_typed(app: Flask, shop: Shop) -> None:
    reader = shop.browser()
    for number in range(MOST_OF_ONE_DOMAIN):
        sign_up(reader, f"reader{number}@small.example.org")

    late = sign_up(reader, "late@small.example.org")

    assert 3000 < int(late.headers["Retry-After"]) <= 3600
    assert "late@small.example.org" in late.text


def test_consent_is_kept_with_its_words_place_and_time(app: Flask, shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS, "source": "footer", "wording": "2026-11", "locale": "en-AU"},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )
    run_jobs(shop)

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.kind, entry.source, entry.wording_version) == ("asked", "footer", "2026-11")
    assert (entry.locale, entry.network) == ("en-AU", "203.0.113.0/24")
    assert entry.at == shop.clock.now()


def test_consent_in_a_footer_is_kept_with_its_page(app: Flask, shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS, "source": "footer"},
        headers={**SAME_SITE, "Referer": "http://localhost/products/late-edition?size=m"},
    )
    run_jobs(shop)

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.page, entry.locale) == ("http://localhost/products/late-edition", "en-AU")


def test_page_of_a_stranger_is_not_kept(app: Flask, shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS},
        headers={**SAME_SITE, "Referer": "https://evil.example/a"},
    )
    run_jobs(shop)

    assert db.session.scalars(select(ConsentEntry)).one().page == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "x" * 500),
        ("wording", "9999-99"),
        ("locale", "'; DROP TABLE subscriber"),
        ("page", "https://evil.example/story"),
        ("section", "x" * 5000),
    ],
)
def test_nothing_made_up_enters_the_ledger(app: Flask, shop: Shop, field: str, value: str) -> None:
    ask(shop, **{field: value})

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert value not in {entry.source, entry.wording_version, entry.locale, entry.page}
    assert len(db.session.scalars(select(Subscriber)).one().section) <= 120


def test_spelling_of_capitals_makes_no_second_person(app: Flask, shop: Shop) -> None:
    ask(shop, "River@Example.ORG")
    ask(shop, "river@example.org")

    assert subscribers() == [("river@example.org", "pending")]
    assert kinds() == ["invitation"]


def test_widget_of_another_newspaper_may_not_sign_people_up(app: Flask, shop: Shop) -> None:
    answer = shop.browser().post(
        "/widget/v1/newsletter",
        data={"email": ADDRESS},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_signup_sets_and_reads_no_cookie(app: Flask, shop: Shop) -> None:
    answer = shop.browser().post(
        "/widget/v1/newsletter", data={"email": ADDRESS}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_subjects_tell_a_mailbox_nothing(app: Flask, shop: Shop) -> None:
    join(shop)
    ask(shop)

    for mail in mails():
        assert "newsletter" not in mail.subject.lower()
        assert "gay" not in mail.subject.lower()
