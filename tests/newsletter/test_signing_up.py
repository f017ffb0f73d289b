"""Promises to whoever's address is typed into a signup box, by herself or by somebody else."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from flask import Flask

from store.database import writing
from store.newsletter.forgetting import forget_unconfirmed
from store.newsletter.subscribing import Invite, invite
from tests.newsletter.signing_up import (
    ADDRESS,
    DAY,
    ask,
    join,
    kinds,
    ledger,
    mails,
    newest_link,
    post,
    subscribers,
    traces,
    wait,
)
from tests.shop import Shop


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
