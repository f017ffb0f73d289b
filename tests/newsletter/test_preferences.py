"""Promises about a reader's own page: hers alone, changed by her click, never by a look."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db, writing
from store.newsletter.links import leave_link, preferences_link
from store.newsletter.models import ConsentEntry, Subscriber
from store.newsletter.subscribing import erase
from store.newsletter.topics import EVERYTHING
from tests.newsletter.signing_up import (
    ADDRESS,
    DAY,
    FAR_AWAY,
    SAME_SITE,
    ask,
    join,
    ledger,
    mails,
    newest_link,
    post,
    subscribers,
    wait,
)
from tests.pages import Page
from tests.shop import Shop


def reader() -> Subscriber:
    db.session.expire_all()
    return db.session.scalars(select(Subscriber)).one()


def entries() -> list[ConsentEntry]:
    return list(db.session.scalars(select(ConsentEntry).order_by(ConsentEntry.id)))


@pytest.fixture
def page(app: Flask, shop: Shop) -> str:
    """The address of the page of somebody who is on the list."""
    join(shop)
    return newest_link("preferences")


def test_she_chooses_topics(shop: Shop, page: str) -> None:
    answer = shop.browser().post(
        page,
        data={"topics": ["sales", "gossip"]},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )

    shown = Page(shop.browser().get(answer.location))
    assert answer.status_code == 303
    assert [b["value"] for b in shown.all("input", name="topics") if "checked" in b] == ["sales"]
    assert reader().topics == ["sales"]
    last = entries()[-1]
    assert (last.kind, last.detail, last.network) == (
        "topics",
        {"topics": ["sales"]},
        "203.0.113.0/24",
    )


def test_same_choice_again_is_no_step(shop: Shop, page: str) -> None:
    post(shop, page, topics="sales")
    post(shop, page, topics="sales")

    assert ledger() == ["asked", "confirmed", "topics"]


def test_no_topic_is_handed_back(shop: Shop, page: str) -> None:
    answer = post(shop, page)

    assert answer.status_code == 422
    assert "Choose at least one, or leave the list below." in answer.text
    assert reader().topics == list(EVERYTHING)


@pytest.mark.parametrize(
    ("months", "until"),
    [
        ("1", datetime(2027, 2, 28, 12, tzinfo=UTC)),
        ("3", datetime(2027, 4, 30, 12, tzinfo=UTC)),
        ("6", datetime(2027, 7, 31, 12, tzinfo=UTC)),
    ],
)
def test_she_pauses(shop: Shop, page: str, months: str, until: datetime) -> None:
    shop.clock.move_to(datetime(2027, 1, 31, 12, tzinfo=UTC))

    answer = post(shop, f"{page}/pause", months=months)

    assert reader().paused_until == until
    assert entries()[-1].detail == {"until": until.isoformat()}
    assert "We leave you alone until" in shop.browser().get(answer.location).text


@pytest.mark.parametrize("months", ["2", "-1", "999999", "x", ""])
def test_no_other_pause_is_made(shop: Shop, page: str, months: str) -> None:
    post(shop, f"{page}/pause", months=months)

    assert reader().paused_until is None
    assert ledger() == ["asked", "confirmed"]


def test_she_ends_her_pause_once(shop: Shop, page: str) -> None:
    post(shop, f"{page}/pause", months="3")
    post(shop, f"{page}/pause", months="0")
    post(shop, f"{page}/pause", months="0")

    assert reader().paused_until is None
    assert ledger() == ["asked", "confirmed", "paused", "resumed"]


def test_pause_that_is_over_is_no_pause(shop: Shop, page: str) -> None:
    post(shop, f"{page}/pause", months="1")
    wait(shop, 40 * DAY)

    assert "Mail me again now" not in shop.browser().get(page).text


def test_she_leaves_from_here_too(shop: Shop, page: str) -> None:
    answer = post(shop, f"{page}/leave")

    assert "You are off the list" in answer.text
    assert subscribers() == [(ADDRESS, "left")]
    assert "You are not on the list now" in shop.browser().get(page).text


@pytest.mark.parametrize("act", ["", "/pause"])
def test_who_left_has_nothing_to_choose(shop: Shop, page: str, act: str) -> None:
    post(shop, f"{page}/leave")

    answer = post(shop, page + act, topics="sales", months="1")

    assert answer.status_code == 409
    assert "You are not on the list now" in answer.text
    assert ledger() == ["asked", "confirmed", "left"]


def test_stranger_who_signs_her_up_anew_opens_nothing(shop: Shop, page: str) -> None:
    post(shop, f"{page}/leave")
    wait(shop, 2 * DAY)
    ask(shop)

    assert post(shop, page, topics="sales").status_code == 409


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("act", ["", "?said=paused", "/pause", "/leave"])
def test_looking_changes_nothing(shop: Shop, page: str, method: str, act: str) -> None:
    before = (ledger(), reader().updated_at)

    shop.browser().open(page + act, method=method)

    assert (ledger(), reader().updated_at) == before


def test_page_tells_nobody_who_she_is(shop: Shop, page: str) -> None:
    answer = shop.browser().get(page)

    assert ADDRESS not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-1],
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link.replace("/preferences/1-", "/preferences/2-"),
        lambda link: link[:24] + "é-é-é",
        lambda link: link[:24] + "x" * 3000,
    ],
)
def test_forged_or_cut_link_opens_nothing(shop: Shop, page: str, spoil: object) -> None:
    assert callable(spoil)
    link = spoil(page)

    assert shop.browser().get(link).status_code == 404
    for act in ("", "/pause", "/leave"):
        assert post(shop, link + act, topics="sales", months="1").status_code == 404
    assert ledger() == ["asked", "confirmed"]


def test_link_of_one_act_opens_no_other(shop: Shop, page: str) -> None:
    assert post(shop, page.replace("/preferences/", "/leave/")).status_code == 404
    leave = newest_link("leave").replace("/leave/", "/preferences/")
    assert shop.browser().get(leave).status_code == 404


def test_other_site_cannot_post_here(shop: Shop, page: str) -> None:
    for act in ("", "/pause", "/leave"):
        answer = shop.browser().post(
            page + act, data={"months": "1"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403


def test_link_ends_with_the_person(shop: Shop, page: str) -> None:
    with writing():
        erase(reader(), shop.services)

    assert shop.browser().get(page).status_code == 404


def test_pause_of_another_time_does_not_hold_who_comes_back(shop: Shop, page: str) -> None:
    post(shop, f"{page}/pause", months="6")
    post(shop, f"{page}/leave")
    wait(shop, 2 * DAY)
    join(shop)

    assert reader().paused_until is None


def test_every_mail_to_a_member_carries_her_links(shop: Shop, page: str) -> None:
    ask(shop)

    for mail in mails()[1:]:
        for part in (mail.text, mail.html):
            assert "http://localhost/newsletter/preferences/" in part
            assert "http://localhost/newsletter/leave/" in part


def test_links_can_be_written_into_any_mail(shop: Shop, page: str) -> None:
    for link in (preferences_link(reader(), shop.services), leave_link(reader(), shop.services)):
        assert shop.browser().get(link.removeprefix("http://localhost")).status_code == 200
