"""Promises about subscribers at the desk: found by a whole address, told in words, let go."""

import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.campaigns.models import Campaign, Delivery
from store.newsletter.models import ConsentEntry, Subscriber, Suppression, SuppressionReason
from store.newsletter.subscribing import reason_to_stay_silent, suppress
from store.newsletter.wording import WORDING
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.newsletter.signing_up import (
    ADDRESS,
    DAY,
    ask,
    join,
    newest_link,
    post,
    run_jobs,
    sign_up,
    traces,
    wait,
)
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

SUBSCRIBERS = "/staff/subscribers/"


@pytest.fixture
def inside(shop: Shop) -> Iterator[Shop]:
    with shop.app.app_context():
        yield shop


def number_of(email: str = ADDRESS) -> int:
    db.session.rollback()
    return db.session.scalars(select(Subscriber.id).where(Subscriber.email == email)).one()


def press(browser: FlaskClient, path: str, page: str, **form: object) -> None:
    token = {"csrf_token": token_of(browser, page)}
    assert browser.post(path, data=form | token).status_code == 303
    # What was read here before is of an older moment.
    db.session.rollback()


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_counts_say_who_stands_where_and_wants_what(inside: Shop) -> None:
    join(inside, "ada@example.org")
    ask(inside, "bea@example.org")
    join(inside, "cem@example.org")
    post(inside, newest_link("preferences"), topics="sales")
    page = at_the_desk(inside).get(SUBSCRIBERS).text

    numbers = re.findall(r"<dd>\s*(\d+)\s*</dd>", page.partition('id="numbers"')[2])
    assert numbers[:4] == ["1", "2", "1", "0"]
    for email in ("ada@", "bea@", "cem@"):
        assert email in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=confirmed", ["ada@", "cem@"]),
        ("state=pending", ["bea@"]),
        ("topic=drops", ["ada@", "bea@"]),
        ("topic=sales&state=confirmed", ["ada@", "cem@"]),
        ("source=footer", ["bea@"]),
        ("state=nonsense&topic=%25&source=%22", ["ada@", "bea@", "cem@"]),
    ],
)
def test_list_is_narrowed(inside: Shop, query: str, shown: list[str]) -> None:
    join(inside, "ada@example.org")
    ask(inside, "bea@example.org", source="footer")
    join(inside, "cem@example.org")
    post(inside, newest_link("preferences"), topics="sales")

    page = at_the_desk(inside).get(f"{SUBSCRIBERS}?{query}").text

    assert [one for one in ("ada@", "bea@", "cem@") if one in page] == shown


def test_whole_address_leads_to_its_person_and_a_part_of_it_to_nobody(inside: Shop) -> None:
    join(inside)
    browser = at_the_desk(inside)

    answer = browser.get(SUBSCRIBERS, query_string={"q": " River@Example.org "})
    part = browser.get(SUBSCRIBERS, query_string={"q": "river"})

    assert answer.location == f"{SUBSCRIBERS}{number_of()}"
    assert "That is no whole e-mail address" in part.text
    assert ADDRESS not in part.text


def test_address_that_was_erased_is_found_by_its_hash_alone(inside: Shop) -> None:
    join(inside)
    post(inside, newest_link("preferences"), topics="sales")
    browser, page = at_the_desk(inside), f"{SUBSCRIBERS}{number_of()}"
    press(browser, f"{page}/erasure", page)

    found = browser.get(SUBSCRIBERS, query_string={"q": ADDRESS}).text
    unknown = browser.get(SUBSCRIBERS, query_string={"q": "nobody@example.org"}).text

    assert "Was erased at her wish" in found
    assert "only her own yes brings it back" in found
    assert "Nothing is kept of this one" in unknown


def test_person_is_told_step_by_step(inside: Shop) -> None:
    sign_up(inside.browser(), ADDRESS, source="footer", wording=WORDING)
    run_jobs(inside)
    post(inside, newest_link("confirm"))
    link = newest_link("preferences")
    post(inside, link, topics="sales")
    post(inside, f"{link}/pause", months="1")

    page = at_the_desk(inside).get(f"{SUBSCRIBERS}{number_of()}").text

    for words in (
        "Somebody typed the address",
        "Foot of a page",
        f"What she read, version {WORDING}",
        "Leave with one click.",
        "Said yes",
        "Chose other topics",
        "Paused until",
    ):
        assert words in page


def test_mails_to_many_stand_on_her_page_and_no_look_or_click(inside: Shop) -> None:
    join(inside)
    now = inside.clock.now()
    with writing():
        campaign = Campaign(
            title="Spring drop", topic="drops", state="sent", created_at=now, updated_at=now
        )
        db.session.add(campaign)
        db.session.flush()
        db.session.add(
            Delivery(
                campaign_id=campaign.id,
                subscriber_id=number_of_in_scope(),
                domain="example.org",
                state="sent",
                due_at=now,
                sent_at=now,
            )
        )

    page = at_the_desk(inside).get(f"{SUBSCRIBERS}{number_of()}").text

    assert "Spring drop" in page
    assert "not known to anybody" in page


def number_of_in_scope() -> int:
    return db.session.scalars(select(Subscriber.id)).one()


def test_everything_that_is_kept_is_taken_away_as_json(inside: Shop) -> None:
    join(inside)
    browser, page = at_the_desk(inside), f"{SUBSCRIBERS}{number_of()}"

    answer = browser.post(f"{page}/export", data={"csrf_token": token_of(browser, page)})

    kept = json.loads(answer.data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert kept["newsletter"]["email"] == ADDRESS
    assert [step["step"] for step in kept["consents"]] == ["asked", "confirmed"]
    assert acts() == ["subscriber.exported"]
    assert ADDRESS not in browser.get("/staff/changes/").text


def test_suppressed_person_is_written_to_no_more(inside: Shop) -> None:
    join(inside)
    browser, page = at_the_desk(inside), f"{SUBSCRIBERS}{number_of()}"

    press(browser, f"{page}/suppression", page)
    shown = browser.get(page).text
    wait(inside, 2 * DAY)
    ask(inside)

    assert "Nothing is sent to this address since" in shown
    assert "Staff saw to it that nothing is sent to her" in shown
    assert reason_to_stay_silent(email_hash_of(ADDRESS, inside.services.settings)) == "by_hand"
    steps = db.session.scalars(select(ConsentEntry.kind).order_by(ConsentEntry.id)).all()
    assert steps == ["asked", "confirmed", "suppressed"]


def test_erased_address_leaves_a_keyed_hash_alone(inside: Shop) -> None:
    join(inside)
    browser, page = at_the_desk(inside), f"{SUBSCRIBERS}{number_of()}"

    press(browser, f"{page}/erasure", page)

    assert traces() == []
    assert db.session.scalars(select(Suppression)).one().reason == "erased"
    assert acts() == ["subscriber.erased"]
    assert "river" not in browser.get("/staff/changes/").text


def test_what_a_server_answered_of_an_erased_person_goes_as_well(inside: Shop) -> None:
    join(inside)
    now = inside.clock.now()
    with writing():
        campaign = Campaign(title="One", topic="drops", created_at=now, updated_at=now)
        db.session.add(campaign)
        db.session.flush()
        db.session.add(
            Delivery(
                campaign_id=campaign.id,
                subscriber_id=number_of_in_scope(),
                domain="example.org",
                state="refused",
                due_at=now,
                answer=f"550 <{ADDRESS}> is unknown here",
            )
        )
    browser, page = at_the_desk(inside), f"{SUBSCRIBERS}{number_of()}"

    press(browser, f"{page}/erasure", page)

    assert traces() == []
    kept = db.session.scalars(select(Delivery)).one()
    assert (kept.subscriber_id, kept.state) == (None, "refused")


def test_file_of_addresses_holds_no_formula_and_stands_in_the_audit(inside: Shop) -> None:
    ask(inside, "=cmd@example.org")
    join(inside, "ada@example.org")
    browser = at_the_desk(inside)
    token = token_of(browser, SUBSCRIBERS)

    everybody = browser.post(f"{SUBSCRIBERS}addresses.csv", data={"csrf_token": token})
    some = browser.post(
        f"{SUBSCRIBERS}addresses.csv", data={"csrf_token": token, "state": "confirmed"}
    )

    assert "'=cmd@example.org" in everybody.text
    assert "ada@example.org,confirmed,drops sales back_in_stock," in some.text
    assert "cmd@" not in some.text
    assert acts() == ["subscribers.exported"] * 2
    assert "On the list" in browser.get("/staff/changes/").text


@pytest.mark.parametrize("role", [Role.FULFILMENT, Role.ANALYST])
def test_who_packs_or_reckons_sees_no_address(inside: Shop, role: Role) -> None:
    join(inside)
    browser = at_the_desk(inside, role=role)

    for path in (SUBSCRIBERS, f"{SUBSCRIBERS}?q={ADDRESS}", f"{SUBSCRIBERS}{number_of()}"):
        assert browser.get(path).status_code == 403
    assert SUBSCRIBERS not in browser.get("/staff/").text


def test_editor_looks_and_lets_nobody_go(inside: Shop) -> None:
    join(inside)
    browser, page = at_the_desk(inside, role=Role.EDITOR), f"{SUBSCRIBERS}{number_of()}"

    shown = browser.get(page).text

    assert ADDRESS in shown
    assert "Erase this address" not in shown
    token = {"csrf_token": token_of(browser, "/staff/account/")}
    for act in ("export", "suppression", "erasure"):
        assert browser.post(f"{page}/{act}", data=token).status_code == 403


def test_long_list_is_turned_by_keys(inside: Shop) -> None:
    with writing():
        db.session.add_all(
            Subscriber(
                email=f"reader{n}@example.org",
                secret="s",
                state="confirmed",
                source="page",
                asked_at=inside.clock.now(),
                updated_at=inside.clock.now(),
            )
            for n in range(60)
        )
    browser = at_the_desk(inside)

    first = browser.get(f"{SUBSCRIBERS}?state=confirmed").text
    on = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browser.get(on).text

    assert "reader59@" in first
    assert "reader9@" not in first
    assert "reader9@" in second
    assert "state=confirmed" in on


def test_weeks_count_what_people_did_though_they_are_gone(inside: Shop) -> None:
    join(inside)
    browser, page = at_the_desk(inside), f"{SUBSCRIBERS}{number_of()}"
    press(browser, f"{page}/erasure", page)

    shown = browser.get(SUBSCRIBERS).text

    week = shown.partition('id="weeks"')[2].partition("</tr>")[2].partition("</tr>")[0]
    assert 'data-label="Said yes">1<' in week


def test_suppression_of_another_room_is_told_in_words(inside: Shop) -> None:
    join(inside)
    with writing():
        suppress(
            email_hash_of(ADDRESS, inside.services.settings),
            SuppressionReason.BOUNCED,
            inside.clock,
        )

    page = at_the_desk(inside).get(f"{SUBSCRIBERS}{number_of()}").text

    assert "mail to it comes back" in page
    assert "Suppress this address" not in page
