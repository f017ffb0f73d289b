"""Promises about the first page of staff: it says when a campaign stopped itself, and why."""

from datetime import timedelta

import pytest
from flask import Flask

from store.database import db, writing
from store.mail.resting import let_rest
from store.newsletter.campaigns.models import Campaign, PauseCause
from store.newsletter.campaigns.pausing import pause, resume
from store.staff.desk import tasks_for
from store.staff.roles import Role
from tests.newsletter.campaigning import begun
from tests.shop import Shop


def told(shop: Shop, role: Role = Role.MANAGER) -> list[tuple[str, str, str]]:
    db.session.rollback()
    return [(one.what, one.detail, one.path) for one in tasks_for(role, shop.services)]


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (PauseCause.BOUNCES, "Spring drop: too much came back"),
        (PauseCause.COMPLAINTS, "Spring drop: readers complained"),
    ],
)
def test_campaign_that_stopped_itself_waits_for_a_hand(
    app: Flask, shop: Shop, cause: PauseCause, why: str
) -> None:
    campaign_id = begun(shop)
    with writing():
        pause(db.session.get_one(Campaign, campaign_id), cause, shop.clock)

    path = f"/staff/newsletter/{campaign_id}/progress"
    assert told(shop) == [("campaign that stopped itself", why, path)]
    assert told(shop, Role.FULFILMENT) == []
    with writing():
        resume(db.session.get_one(Campaign, campaign_id), shop.clock)
    assert told(shop) == []


def test_campaign_that_staff_paused_waits_for_nobody(app: Flask, shop: Shop) -> None:
    campaign_id = begun(shop)
    with writing():
        pause(db.session.get_one(Campaign, campaign_id), PauseCause.STAFF, shop.clock)

    assert told(shop) == []


def test_mail_server_that_takes_nothing_is_named_with_what_it_says(app: Flask, shop: Shop) -> None:
    for _try in range(6):
        assert told(shop) == []
        with writing():
            until = let_rest("", "535 5.7.8 wrong password", shop.clock)
        shop.clock.move_to(until + timedelta(seconds=1))

    ((what, detail, _path),) = told(shop)
    assert (what, detail) == ("mail server that takes no mail", "535 5.7.8 wrong password")
