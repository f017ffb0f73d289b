"""Promises about many workers and dead ones: no mail twice, none left behind, the same pace."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from store.clock import SystemClock
from store.database import db
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.campaigns.claiming import CLAIM
from store.newsletter.campaigns.counting import Tally, tally
from store.newsletter.campaigns.models import CampaignState
from store.newsletter.campaigns.sending import send_parts
from tests.mail.rude_office import RudeOffice, open_rude_office
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


@pytest.mark.slow
def test_workers_at_once_send_each_mail_once(app: Flask, shop: Shop, office: RudeOffice) -> None:
    emails = some_readers(shop, 150)
    campaign_id = begun(shop, per_minute=100_000)
    db.session.rollback()

    def work() -> None:
        services = replace(sending_by(shop, SmtpMailer(office.url)), clock=SystemClock())
        with shop.app.app_context():
            while send_parts(services):
                pass

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(office.taken) == emails
    assert tally(the_campaign(campaign_id)) == Tally(sent=150)


@pytest.mark.parametrize("has_taken", [False, True])
@pytest.mark.parametrize("number", [1, 7, 20, 25])
def test_killed_worker_leaves_one_mail_in_doubt_and_none_behind(
    app: Flask, shop: Shop, office: RudeOffice, number: int, *, has_taken: bool
) -> None:
    class Killed(SmtpMailer):
        sent = 0

        def send(self, message: EmailMessage) -> None:
            self.sent += 1
            if self.sent == number and not has_taken:
                raise KeyboardInterrupt
            super().send(message)
            if self.sent == number:
                raise KeyboardInterrupt

    emails = some_readers(shop, 30)
    campaign_id = begun(shop, per_minute=1000)
    with pytest.raises(KeyboardInterrupt):
        send_all(sending_by(shop, Killed(office.url)))

    services = sending_by(shop, SmtpMailer(office.url))
    send_all(services)
    shop.clock.move_to(shop.clock.now() + CLAIM)
    send_all(services)

    times = Counter(office.taken)
    assert sorted(times) == emails
    assert sum(times.values()) == 30 + has_taken
    assert len(set(office.message_ids())) == 30
    assert the_campaign(campaign_id).state == CampaignState.SENT


def test_dead_workers_mails_count_in_the_minute_until_they_are_free(
    app: Flask, shop: Shop, office: RudeOffice
) -> None:
    class Killed(SmtpMailer):
        def send(self, message: EmailMessage) -> None:
            raise KeyboardInterrupt

    some_readers(shop, 30)
    begun(shop, per_minute=10)
    with pytest.raises(KeyboardInterrupt):
        send_all(sending_by(shop, Killed(office.url)))
    services = sending_by(shop, SmtpMailer(office.url))

    for _second in range(60):
        shop.clock.move_to(shop.clock.now() + timedelta(seconds=1))
        send_all(services)

    assert len(office.taken) <= 10
