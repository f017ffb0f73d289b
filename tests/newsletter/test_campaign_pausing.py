"""Promises about stopping: by staff at once, by itself when too much comes back, and going on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from store.database import db, writing
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.campaigns.counting import Tally, tally
from store.newsletter.campaigns.models import (
    Campaign,
    CampaignState,
    Delivery,
    DeliveryState,
    PauseCause,
)
from store.newsletter.campaigns.moving import CampaignMovedError
from store.newsletter.campaigns.pausing import cancel, pause, pause_if_over, resume
from tests.mail.rude_office import RudeOffice, open_rude_office
from tests.mail.test_lines import at
from tests.newsletter.campaigning import (
    begun,
    send_all,
    sending_by,
    some_readers,
    the_campaign,
)
from tests.shop import Shop


@pytest.fixture
def office() -> Iterator[RudeOffice]:
    with open_rude_office(RudeOffice()) as office:
        yield office


def sent_to(shop: Shop, office: RudeOffice, number: int) -> int:
    """Return a campaign that was sent to so many, and has one reader left who is put off."""
    some_readers(shop, number)
    some_readers(shop, 1, "later.example.org")
    office.manners = at("RCPT", "451 4.7.1 later", of="later")
    campaign_id = begun(shop, per_minute=10_000)
    send_all(sending_by(shop, SmtpMailer(office.url)))
    assert tally(the_campaign(campaign_id)) == Tally(sent=number, waiting=1)
    db.session.rollback()
    return campaign_id


def comes_back(shop: Shop, campaign_id: int, state: DeliveryState, number: int) -> object:
    """Let so many of its mails come back, as a bounce or a complaint says afterwards."""
    with writing():
        sent = select(Delivery.id).where(Delivery.state == DeliveryState.SENT).limit(number)
        db.session.execute(update(Delivery).where(Delivery.id.in_(sent)).values(state=state))
        return pause_if_over(campaign_id, shop.clock)


def test_bounces_above_the_limit_pause_it(app: Flask, shop: Shop, office: RudeOffice) -> None:
    campaign_id = sent_to(shop, office, 100)

    assert comes_back(shop, campaign_id, DeliveryState.REFUSED, 5) is None
    assert comes_back(shop, campaign_id, DeliveryState.REFUSED, 1) is PauseCause.BOUNCES

    campaign = the_campaign(campaign_id)
    assert (campaign.state, campaign.pause_cause) == (CampaignState.PAUSED, PauseCause.BOUNCES)


def test_complaints_above_the_limit_pause_it(app: Flask, shop: Shop, office: RudeOffice) -> None:
    campaign_id = sent_to(shop, office, 100)

    assert comes_back(shop, campaign_id, DeliveryState.COMPLAINED, 1) is None
    assert comes_back(shop, campaign_id, DeliveryState.COMPLAINED, 1) is PauseCause.COMPLAINTS


def test_few_mails_say_nothing(app: Flask, shop: Shop, office: RudeOffice) -> None:
    campaign_id = sent_to(shop, office, 40)

    assert comes_back(shop, campaign_id, DeliveryState.REFUSED, 30) is None


def test_what_was_known_when_it_was_resumed_pauses_it_no_more(
    app: Flask, shop: Shop, office: RudeOffice
) -> None:
    campaign_id = sent_to(shop, office, 100)
    comes_back(shop, campaign_id, DeliveryState.REFUSED, 20)
    with writing():
        resume(db.session.get_one(Campaign, campaign_id), shop.clock)

    assert comes_back(shop, campaign_id, DeliveryState.REFUSED, 20) is None
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    office.manners = at("", "")
    send_all(sending_by(shop, SmtpMailer(office.url)))

    assert the_campaign(campaign_id).state == CampaignState.SENT


def test_relay_that_refuses_everybody_is_not_given_everybody(
    app: Flask, shop: Shop, office: RudeOffice
) -> None:
    some_readers(shop, 150)
    office.manners = at("words", "554 5.7.1 not from here")
    campaign_id = begun(shop, per_minute=10_000)

    send_all(sending_by(shop, SmtpMailer(office.url)))

    assert tally(the_campaign(campaign_id)) == Tally(refused=100, waiting=50)
    assert the_campaign(campaign_id).pause_cause == PauseCause.BOUNCES


def test_paused_campaign_can_be_cancelled_and_never_resumed(app: Flask, shop: Shop) -> None:
    campaign_id = begun(shop)
    with writing():
        campaign = db.session.get_one(Campaign, campaign_id)
        pause(campaign, PauseCause.STAFF, shop.clock)
        cancel(campaign, shop.clock)

    with pytest.raises(CampaignMovedError), writing():
        resume(db.session.get_one(Campaign, campaign_id), shop.clock)


def test_only_what_is_under_way_pauses(app: Flask, shop: Shop) -> None:
    campaign_id = begun(shop)
    with writing():
        pause(db.session.get_one(Campaign, campaign_id), PauseCause.STAFF, shop.clock)

    with pytest.raises(CampaignMovedError), writing():
        pause(db.session.get_one(Campaign, campaign_id), PauseCause.STAFF, shop.clock)
