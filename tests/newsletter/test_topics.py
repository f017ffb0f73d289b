"""Promises about topics: chosen where there is room to choose, everything where there is none."""

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db
from store.newsletter.models import ConsentEntry, Subscriber
from store.newsletter.subscribing import Invite
from store.newsletter.topics import EVERYTHING
from tests.newsletter.signing_up import (
    ADDRESS,
    DAY,
    SAME_SITE,
    ask,
    join,
    ledger,
    newest_link,
    post,
    run_jobs,
    sign_up,
    wait,
)
from tests.pages import Page
from tests.shop import Shop


def topics() -> list[str]:
    db.session.expire_all()
    return db.session.scalars(select(Subscriber)).one().topics


def test_page_offers_every_topic_and_all_are_chosen(app: Flask, shop: Shop) -> None:
    page = Page(shop.browser().get("/newsletter"))

    boxes = page.all("input", name="topics", type="checkbox")
    assert [box["value"] for box in boxes] == list(EVERYTHING)
    assert all("checked" in box for box in boxes)


def test_foot_of_a_page_stays_as_small_as_it_was(app: Flask, shop: Shop) -> None:
    page = Page(shop.browser().get("/pages/privacy"))

    assert page.all("form", action="/newsletter")
    assert not page.all("input", name="topics")


def test_what_she_chose_is_what_she_confirms(app: Flask, shop: Shop) -> None:
    answer = shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS, "offers": "topics", "topics": ["sales", "drops"]},
        headers=SAME_SITE,
    )
    run_jobs(shop)
    asked = shop.browser().get(newest_link("confirm"))
    post(shop, newest_link("confirm"))

    assert answer.status_code == 303
    assert "New things in the shop · Sales." in asked.text
    assert topics() == ["drops", "sales"]
    entries = db.session.scalars(select(ConsentEntry).order_by(ConsentEntry.id)).all()
    assert [entry.detail for entry in entries] == [{"topics": ["drops", "sales"]}] * 2


@pytest.mark.parametrize("path", ["/newsletter", "/widget/v1/newsletter"])
def test_box_that_offers_none_means_everything(app: Flask, shop: Shop, path: str) -> None:
    shop.browser().post(path, data={"email": ADDRESS, "topics": "sales"}, headers=SAME_SITE)
    run_jobs(shop)

    assert topics() == list(EVERYTHING)


@pytest.mark.parametrize("given", [{}, {"topics": "gossip"}])
def test_newsletter_about_nothing_is_given_back(
    app: Flask, shop: Shop, given: dict[str, str]
) -> None:
    answer = sign_up(shop.browser(), ADDRESS, offers="topics", **given)
    run_jobs(shop)

    assert answer.status_code == 422
    assert "Choose at least one." in answer.text
    assert ADDRESS in answer.text
    assert ledger() == []


def test_member_who_signs_up_again_with_other_topics_changes_nothing(
    app: Flask, shop: Shop
) -> None:
    join(shop)

    ask(shop, offers="topics", topics="sales")
    wait(shop, 2 * DAY)
    ask(shop, offers="topics", topics="sales")

    assert topics() == list(EVERYTHING)
    assert ledger() == ["asked", "confirmed"]


def test_invitation_of_the_release_before_is_about_everything(app: Flask, shop: Shop) -> None:
    payload = {
        "email": ADDRESS,
        "section": "",
        "source": "page",
        "page": "",
        "locale": "en-AU",
        "wording": "2026-11",
        "network": "",
    }

    assert Invite(**payload).topics == EVERYTHING
