"""Promises about what robots and mishaps send: refused in words, bounded in rows, fast enough."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.database import db, writing
from store.jobs.models import OutboxRow
from store.newsletter.limits import MOST_OF_ONE_NETWORK, WARM
from store.newsletter.models import SignupAttempt, Subscriber
from store.newsletter.second_step.models import StepAnswer
from store.newsletter.subscribing import JoinRequest, ask_to_join
from tests.newsletter.busy_hour import from_afar
from tests.newsletter.signing_up import (
    DAY,
    ask,
    join,
    kinds,
    mails,
    newest_link,
    post,
    run_jobs,
    sign_up,
    subscribers,
    wait,
)
from tests.shop import Shop

MANY, AT_ONCE = 10_000, 500
INTERNATIONAL = {
    "river@münchen.example": "river@xn--mnchen-3ya.example",
    "RIVER@MÜNCHEN.EXAMPLE": "river@xn--mnchen-3ya.example",
    "røyskatt@example.org": "røyskatt@example.org",
    "用户@例子.example": "用户@xn--fsqu00a.example",
}
LOCAL, DOMAIN = "x" * 64, ".".join(["y" * 61] * 3)
BROKEN = [
    "river@example.org\nBcc: all@example.org",
    "river@example.org\r\n\r\nA mail of somebody else",
    "river@example.org\u2028x",
    "river\u0000@example.org",
    "river@exa\tmple.org",
    "river@example.org\u202e",
    f"river@{'y' * 64}.example",
    f"{LOCAL}@{DOMAIN}.{'z' * 60}.example",
    "river@-example.org",
    "river@example..org",
    "river@127.0.0.1",
    "river@[127.0.0.1]",
    '"river river"@example.org',
    "river@example.org;sea@example.org",
    "river@xn--.example",
    "x" * 320,
    "@" * 320,
]


@pytest.mark.parametrize(("typed", "kept"), INTERNATIONAL.items())
def test_address_of_any_script_is_one_person(app: Flask, shop: Shop, typed: str, kept: str) -> None:
    ask(shop, typed)
    post(shop, newest_link("confirm"))

    assert subscribers() == [(kept, "confirmed")]
    assert {mail.recipient for mail in mails()} == {kept}


@pytest.mark.parametrize("typed", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("path", ["/newsletter", "/widget/v1/newsletter"])
def test_what_no_mail_can_carry_goes_no_further(
    app: Flask, shop: Shop, path: str, typed: str
) -> None:
    answer = shop.browser().post(
        path, data={"email": typed}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code in {400, 422}
    for table in (SignupAttempt, OutboxRow, Subscriber):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_longest_address_that_mail_knows_is_taken(app: Flask, shop: Shop) -> None:
    longest = f"{LOCAL}@{DOMAIN[: 254 - 65 - 8]}.example"
    assert len(longest) <= 254

    ask(shop, longest)

    assert subscribers() == [(longest, "pending")]


@pytest.mark.slow
def test_ten_thousand_signups_of_one_network_leave_a_handful_of_rows(
    app: Flask, shop: Shop
) -> None:
    """Through the verb that every box calls: a page of refusals is not what is promised here."""
    steps = 0
    for start in range(0, MANY, AT_ONCE):
        with writing():
            for number in range(start, start + AT_ONCE):
                request = JoinRequest(f"victim{number}@gmail.com", network="one")
                steps += ask_to_join(request, shop.services) is not None

    cool = MOST_OF_ONE_NETWORK // WARM
    assert steps == MANY - cool
    for table, rows in ((SignupAttempt, cool), (OutboxRow, cool), (StepAnswer, 0)):
        assert db.session.scalar(select(func.count()).select_from(table)) == rows
    run_jobs(shop)
    assert kinds() == ["invitation"] * cool


def test_flood_of_one_network_shuts_nobody_else_out(app: Flask, shop: Shop) -> None:
    for number in range(100):
        from_afar(shop, f"victim{number}@gmail.com", "application/json")

    answer = sign_up(shop.browser(), "river@gmail.com")

    assert answer.status_code == 303


def test_one_address_from_everywhere_is_mailed_once(app: Flask, shop: Shop) -> None:
    for number in range(30):
        shop.browser().post(
            "/newsletter",
            data={"email": "river@gmail.com"},
            headers={"Sec-Fetch-Site": "same-origin"},
            environ_overrides={"REMOTE_ADDR": f"203.0.{number}.7"},
        )
    run_jobs(shop)

    assert kinds() == ["invitation"]


@pytest.mark.parametrize("act", ["confirm", "leave", "preferences"])
def test_link_that_was_copied_from_another_shop_opens_nothing(
    app: Flask, shop: Shop, act: str
) -> None:
    join(shop)
    link = newest_link(act)
    with writing():
        db.session.scalars(select(Subscriber)).one().secret = "another"

    assert post(shop, link, topics="sales").status_code == 404
    assert shop.browser().get(link).status_code == 404


def test_confirmation_is_replayed_without_effect_after_everything_that_may_follow(
    app: Flask, shop: Shop
) -> None:
    join(shop)
    confirm, leave = newest_link("confirm"), newest_link("leave")
    post(shop, leave)
    post(shop, confirm)
    assert subscribers() == [("river@example.org", "left")]

    wait(shop, 8 * DAY)

    assert post(shop, confirm).status_code == 410
    assert post(shop, leave).status_code == 200
    assert subscribers() == [("river@example.org", "left")]


def test_disowned_link_is_replayed_without_effect(app: Flask, shop: Shop) -> None:
    ask(shop)
    link = newest_link("confirm")
    post(shop, link, disown="1")

    for fields in ({}, {"disown": "1"}):
        assert post(shop, link, **fields).status_code == 404
    assert subscribers() == []
