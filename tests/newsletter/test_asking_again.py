"""Promises about asking: nobody learns who is on the list, and no mailbox is flooded."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from store.database import db, writing
from store.newsletter.forgetting import forget_unconfirmed
from store.newsletter.limits import (
    MOST_OF_ALL,
    MOST_OF_ONE_DOMAIN,
    MOST_OF_ONE_NETWORK,
    WARM,
)
from store.newsletter.models import SignupAttempt
from tests.newsletter.busy_hour import from_afar, sign_up_patiently
from tests.newsletter.signing_up import (
    DAY,
    SAME_SITE,
    ask,
    join,
    kinds,
    ledger,
    newest_link,
    post,
    run_jobs,
    sign_up,
    subscribers,
    wait,
)
from tests.shop import Shop


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
    answers = [
        sign_up_patiently(shop, f"reader{number}@gmail.com").status_code
        for number in range(MOST_OF_ONE_NETWORK + 1)
    ]
    wait(shop, timedelta(hours=1, seconds=1))

    assert answers == [303] * MOST_OF_ONE_NETWORK + [429]
    assert from_afar(shop, "reader99@gmail.com").status_code == 303


def test_one_small_domain_has_its_share_of_an_hour(app: Flask, shop: Shop) -> None:
    cool = MOST_OF_ONE_DOMAIN // WARM

    answers = [
        sign_up(shop.browser(), f"reader{number}@small.example.org").status_code
        for number in range(cool + 1)
    ]
    fill(shop, MOST_OF_ONE_DOMAIN - cool, domain="small.example.org")

    assert answers == [303] * cool + [422]
    assert sign_up(shop.browser(), "late@small.example.org").status_code == 429


def test_limit_of_all_holds_whoever_asks(app: Flask, shop: Shop) -> None:
    fill(shop, MOST_OF_ALL // WARM - 1)
    before = sign_up(shop.browser(), "first@gmail.com").status_code
    after = sign_up(shop.browser(), "second@gmail.com").status_code
    fill(shop, MOST_OF_ALL // WARM)

    assert (before, after) == (303, 422)
    assert sign_up(shop.browser(), "third@gmail.com").status_code == 429


def test_limit_says_when_to_come_back_and_keeps_what_was_typed(app: Flask, shop: Shop) -> None:
    fill(shop, MOST_OF_ONE_DOMAIN, domain="small.example.org")

    late = sign_up(shop.browser(), "late@small.example.org")

    assert 3000 < int(late.headers["Retry-After"]) <= 3600
    assert "late@small.example.org" in late.text


def fill(shop: Shop, number: int, *, domain: str = "elsewhere.example.org") -> None:
    """Let so many have signed up from networks of their own."""
    with writing():
        db.session.add_all(
            SignupAttempt(network=f"n{one}", domain=domain, email_hash="", at=shop.clock.now())
            for one in range(number)
        )
