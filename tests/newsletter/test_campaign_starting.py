"""Promises about beginning a campaign: frozen once, one row a reader, due at its moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from store.database import db, writing
from store.newsletter.campaigns.counting import Tally, tally
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.moving import CampaignMovedError
from store.newsletter.campaigns.pausing import cancel
from store.newsletter.campaigns.starting import (
    AT_ONCE,
    begin,
    begin_due,
    fill,
    schedule,
    unschedule,
)
from store.services import Services
from tests.campaigns import a_campaign
from tests.newsletter.campaigning import a_reader, begun, deliveries, some_readers, the_campaign
from tests.shop import Shop

HOUR = timedelta(hours=1)


def test_words_are_frozen_when_it_begins(app: Flask, shop: Shop) -> None:
    campaign_id = begun(shop)

    with writing():
        db.session.get_one(Campaign, campaign_id).body = "Something else"

    campaign = the_campaign(campaign_id)
    assert campaign.state == CampaignState.SENDING
    assert campaign.started_at == shop.clock.now()
    assert "Something new is here." in campaign.sent_text.replace("*", "")
    assert "Something else" not in campaign.sent_text + campaign.sent_html


def test_each_reader_has_one_row_however_often_it_is_filled(app: Flask, shop: Shop) -> None:
    some_readers(shop, 3)
    campaign_id = begun(shop)

    while fill(campaign_id, shop.services):
        pass
    with writing():
        again = db.session.get_one(Campaign, campaign_id)
        again.filled_to, again.filled_at = 0, None
    while fill(campaign_id, shop.services):
        pass

    assert [row.domain for row in deliveries()] == ["example.org"] * 3
    assert tally(the_campaign(campaign_id)) == Tally(waiting=3)


def test_filling_goes_on_where_a_worker_died(app: Flask, shop: Shop) -> None:
    number = AT_ONCE + 7
    some_readers(shop, number)
    campaign_id = begun(shop)

    assert fill(campaign_id, shop.services)
    assert the_campaign(campaign_id).filled_at is None
    assert len(deliveries()) == AT_ONCE

    while fill(campaign_id, shop.services):
        pass
    assert len({row.subscriber_id for row in deliveries()}) == number
    assert the_campaign(campaign_id).filled_at == shop.clock.now()


def test_scheduled_campaign_begins_at_its_moment_and_not_before(app: Flask, shop: Shop) -> None:
    with writing():
        campaign = a_campaign(shop.clock)
        schedule(campaign, shop.clock.now() + HOUR, shop.services)
        campaign_id = campaign.id

    assert begin_due(shop.services) == 0
    shop.clock.move_to(shop.clock.now() + HOUR)
    assert begin_due(shop.services) == 1
    assert begin_due(shop.services) == 0

    assert the_campaign(campaign_id).state == CampaignState.SENDING


def test_unscheduled_campaign_is_a_draft_again(app: Flask, shop: Shop) -> None:
    with writing():
        campaign = a_campaign(shop.clock)
        schedule(campaign, shop.clock.now(), shop.services)
        unschedule(campaign, shop.services)
        campaign_id = campaign.id

    assert begin_due(shop.services) == 0
    assert the_campaign(campaign_id).state == CampaignState.DRAFT


def test_campaign_that_cannot_begin_holds_up_no_other(app: Flask, shop: Shop) -> None:
    with writing():
        empty, whole = a_campaign(shop.clock, body=""), a_campaign(shop.clock)
        for campaign in (empty, whole):
            schedule(campaign, shop.clock.now(), shop.services)
        ids = empty.id, whole.id

    assert begin_due(shop.services) == 1
    assert [the_campaign(one).state for one in ids] == ["scheduled", "sending"]


@pytest.mark.parametrize("act", [begin, unschedule])
def test_what_has_begun_does_not_begin_again(
    app: Flask, shop: Shop, act: Callable[[Campaign, Services], None]
) -> None:
    campaign_id = begun(shop)

    with pytest.raises(CampaignMovedError), writing():
        act(db.session.get_one(Campaign, campaign_id), shop.services)


def test_cancelled_campaign_is_over(app: Flask, shop: Shop) -> None:
    with writing():
        a_reader(shop)
    campaign_id = begun(shop)

    with writing():
        cancel(db.session.get_one(Campaign, campaign_id), shop.clock)

    assert fill(campaign_id, shop.services) is False
    assert the_campaign(campaign_id).state == CampaignState.CANCELLED
    assert deliveries() == []
