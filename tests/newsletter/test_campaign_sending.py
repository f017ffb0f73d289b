"""Promises about sending to many: each reader once, none who left, at the pace that was set."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.resting import rested, resting
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.campaigns.claiming import CLAIM, MOST, take
from store.newsletter.campaigns.counting import Tally, tally
from store.newsletter.campaigns.models import Campaign, CampaignState, PauseCause
from store.newsletter.campaigns.outcomes import skipped
from store.newsletter.campaigns.pausing import cancel, pause, resume
from store.newsletter.campaigns.sending import send_parts
from store.newsletter.campaigns.starting import fill
from store.newsletter.models import Subscriber, SubscriberState, SuppressionReason
from store.newsletter.subscribing import erase, suppress
from store.newsletter.suppressing import is_suppressed
from store.services import Services
from tests.mail.rude_office import HANGS_UP, TAKEN, RudeOffice, open_rude_office
from tests.mail.test_lines import at
from tests.newsletter.campaigning import (
    begun,
    deliveries,
    send_all,
    sending_by,
    some_readers,
    states,
    the_campaign,
)
from tests.shop import Shop

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office() -> Iterator[RudeOffice]:
    with open_rude_office(RudeOffice()) as office:
        yield office


@pytest.fixture
def services(shop: Shop, office: RudeOffice) -> Services:
    return sending_by(shop, SmtpMailer(office.url, timeout_seconds=1))


def wait(shop: Shop, time: timedelta) -> None:
    shop.clock.move_to(shop.clock.now() + time)


def change(campaign_id: int, **values: object) -> None:
    with writing():
        campaign = db.session.get_one(Campaign, campaign_id)
        for name, value in values.items():
            setattr(campaign, name, value)


def mail_of(office: RudeOffice, number: int = 0) -> EmailMessage:
    message = message_from_bytes(office.words[number], policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_every_reader_gets_it_once(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    emails = some_readers(shop, 2 * MOST + 5)
    campaign_id = begun(shop, per_minute=1000)

    send_all(services)

    assert sorted(office.taken) == emails
    assert office.connections == 1
    campaign = the_campaign(campaign_id)
    assert (campaign.state, campaign.finished_at) == (CampaignState.SENT, shop.clock.now())
    assert tally(campaign) == Tally(sent=len(emails))


def test_mail_carries_her_own_links_and_both_headers(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 2)
    begun(shop)

    send_all(services)

    first, second = mail_of(office, 0), mail_of(office, 1)
    leave = first["List-Unsubscribe"].strip(" <>")
    assert leave.startswith("http://localhost/newsletter/leave/")
    assert leave != second["List-Unsubscribe"].strip(" <>")
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        part = first.get_body((kind,))
        assert part is not None
        assert leave in part.get_content()
        assert "{{" not in part.get_content()


def test_one_click_of_a_mail_program_leaves(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 1)
    begun(shop)
    send_all(services)
    leave = mail_of(office)["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost")

    shop.browser().post(leave, data={"List-Unsubscribe": "One-Click"})

    db.session.rollback()
    assert db.session.scalars(select(Subscriber.state)).all() == [SubscriberState.LEFT]


def test_who_is_not_to_be_written_to_any_more_is_skipped(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    now = shop.clock.now()
    some_readers(shop, 6)
    campaign_id = begun(shop, per_minute=1000)
    while fill(campaign_id, services):
        pass
    with writing():
        left, pauses, silent, erased, other, _stays = db.session.scalars(select(Subscriber))
        left.state = SubscriberState.LEFT
        pauses.paused_until = now + timedelta(days=30)
        suppress(
            email_hash_of(silent.email, services.settings), SuppressionReason.COMPLAINED, shop.clock
        )
        other.topics = ["sales"]
        erase(erased, services)

    send_all(services)

    assert office.taken == ["reader0005@example.org"]
    assert Counter(states()) == {"sent": 1, "skipped": 5}
    assert the_campaign(campaign_id).state == CampaignState.SENT


def test_reader_who_is_suppressed_for_any_reason_gets_no_campaign(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 4)
    begun(shop)
    with writing():
        for number, reason in enumerate(("disowned", "erased", "bounced")):
            email = f"reader{number:04}@example.org"
            suppress(email_hash_of(email, services.settings), SuppressionReason(reason), shop.clock)

    send_all(services)

    assert office.taken == ["reader0003@example.org"]
    assert states() == ["sent"]


def test_no_minute_has_more_mails_than_were_set(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 40)
    begun(shop, per_minute=17)
    other = sending_by(shop, SmtpMailer(office.url))
    moments: list[int] = []

    for second in range(150):
        before = len(office.taken)
        send_parts(services if second % 2 else other)
        moments += [second] * (len(office.taken) - before)
        wait(shop, timedelta(seconds=1))

    most = max(sum(1 for at in moments if one <= at < one + 60) for one in moments)
    assert most == 17
    assert len(office.taken) == len(set(office.taken)) == 40


def test_mails_of_a_minute_do_not_all_go_in_its_first_second(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 30)
    begun(shop, per_minute=100)

    send_all(services)
    assert len(office.taken) == 10
    wait(shop, MINUTE / 10)
    send_all(services)
    assert len(office.taken) == 20


def test_campaigns_at_once_have_their_parts_in_turn(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 3 * MOST)
    first, second = begun(shop, per_minute=1000), begun(shop, per_minute=1000)

    send_parts(services)
    send_parts(services)

    # How many mails a part holds depends on the machine; that both have theirs does not.
    sent = [tally(the_campaign(one)).sent for one in (first, second)]
    assert all(2 <= number <= 2 * MOST for number in sent)


def test_pause_holds_from_the_next_mail_on(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 10)
    campaign_id = begun(shop, per_minute=1000)

    def pauses_at_the_third(step: str, _address: str) -> str:
        if step == "words" and len(office.taken) == 2:
            with app.app_context():
                change(campaign_id, state=CampaignState.PAUSED, pause_cause=PauseCause.STAFF)
        return TAKEN

    office.manners = pauses_at_the_third
    send_all(services)

    assert len(office.taken) == 3
    assert [row.claimed_until for row in deliveries()] == [None] * 10
    with writing():
        resume(db.session.get_one(Campaign, campaign_id), shop.clock)
    send_all(services)
    assert len(set(office.taken)) == len(office.taken) == 10


def test_cancelled_campaign_sends_nothing_more(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 3)
    campaign_id = begun(shop)
    with writing():
        pause(db.session.get_one(Campaign, campaign_id), PauseCause.STAFF, shop.clock)
        cancel(db.session.get_one(Campaign, campaign_id), shop.clock)

    send_all(services)

    assert office.taken == []


def test_unknown_mailbox_is_refused_and_never_written_to_again(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    gone, disliked, _fine = some_readers(shop, 3)

    def manners(step: str, address: str) -> str:
        answers = {gone: "550 5.1.1 no such user", disliked: "550 5.7.1 we do not like it"}
        return answers.get(address, TAKEN) if step == "RCPT" else TAKEN

    office.manners = manners
    campaign_id = begun(shop)

    send_all(services)

    assert tally(the_campaign(campaign_id)) == Tally(sent=1, refused=2)
    assert deliveries()[0].answer == "550 5.1.1 no such user"
    assert is_suppressed(gone, services.settings)
    assert not is_suppressed(disliked, services.settings)
    assert the_campaign(campaign_id).state == CampaignState.SENT


def test_domain_that_puts_off_is_left_alone_and_others_are_not(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 3, "slow.example.org")
    some_readers(shop, 3, "quick.example.org")
    asked: list[str] = []

    def manners(step: str, address: str) -> str:
        if step == "RCPT":
            asked.append(address)
        is_slow = step == "RCPT" and address.endswith("@slow.example.org")
        return "451 4.7.1 greylisted" if is_slow else TAKEN

    office.manners = manners
    begun(shop, per_minute=1000)
    send_all(services)

    assert [one for one in asked if "slow" in one] == ["reader0000@slow.example.org"]
    assert len(office.taken) == 3
    office.manners = at("", "")
    send_all(services)
    assert len(office.taken) == 3

    wait(shop, MINUTE)
    send_all(services)
    assert len(office.taken) == 5
    wait(shop, 5 * MINUTE)
    send_all(services)
    assert len(set(office.taken)) == len(office.taken) == 6


def test_rests_of_a_domain_grow_and_end_with_the_first_mail_taken(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 8)
    office.manners = at("RCPT", "451 4.7.1 later")
    begun(shop, per_minute=1000)
    rests: list[timedelta] = []

    for _turn in range(4):
        send_all(services)
        began = shop.clock.now()
        while db.session.scalars(resting(shop.clock.now())).all():
            wait(shop, timedelta(seconds=30))
        rests.append(shop.clock.now() - began)

    assert rests == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    office.manners = at("", "")
    send_all(services)
    assert rested() == frozenset()


def test_full_mailbox_holds_up_nobody_else(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 3)
    office.manners = at("RCPT", "452 4.2.2 full", of="reader0000")
    campaign_id = begun(shop)

    send_all(services)

    assert office.taken == ["reader0001@example.org", "reader0002@example.org"]
    assert the_campaign(campaign_id).state == CampaignState.SENDING
    for _try in range(12):
        wait(shop, timedelta(hours=6))
        send_all(services)
    assert tally(the_campaign(campaign_id)) == Tally(sent=2, refused=1)
    assert the_campaign(campaign_id).state == CampaignState.SENT


@pytest.mark.parametrize("answer", ["421 4.7.0 closing", HANGS_UP])
def test_relay_that_hangs_up_is_left_alone_by_all(
    app: Flask, shop: Shop, office: RudeOffice, services: Services, answer: str
) -> None:
    some_readers(shop, 4)
    office.manners = at("MAIL", answer)
    begun(shop, per_minute=1000)

    send_all(services)
    send_all(services)

    assert office.connections == 1
    office.manners = at("", "")
    wait(shop, timedelta(seconds=5))
    send_all(services)
    assert len(office.taken) == 3
    wait(shop, 5 * MINUTE)
    send_all(services)
    assert len(set(office.taken)) == len(office.taken) == 4


def test_relay_that_is_away_costs_no_mail_a_try(app: Flask, shop: Shop) -> None:
    some_readers(shop, 2)
    campaign_id = begun(shop)
    away = sending_by(shop, SmtpMailer("smtp://127.0.0.1:9"))

    for _turn in range(40):
        send_all(away)
        wait(shop, 5 * MINUTE)

    assert [row.attempts for row in deliveries()] == [0, 0]
    assert tally(the_campaign(campaign_id)) == Tally(waiting=2)


def test_mails_of_a_dead_worker_go_out_when_its_claim_ends(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    class KilledAfterTwo(SmtpMailer):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            if len(office.taken) == 2:
                raise KeyboardInterrupt

    some_readers(shop, 5)
    campaign_id = begun(shop)
    claims_lost = sending_by(shop, KilledAfterTwo(office.url))
    with pytest.raises(KeyboardInterrupt):
        send_all(claims_lost)

    send_all(services)
    assert len(office.taken) == 5
    wait(shop, CLAIM)
    send_all(services)

    assert Counter(office.taken).most_common(2) == [
        ("reader0001@example.org", 2),
        ("reader0000@example.org", 1),
    ]
    assert len(set(office.message_ids())) == 5
    assert tally(the_campaign(campaign_id)) == Tally(sent=5)


def test_what_a_server_says_of_her_is_kept_without_her_address(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 2)
    office.manners = at("RCPT", "550 5.1.1 <Reader0000@example.org>: not here", of="0000")
    begun(shop)

    send_all(services)

    assert deliveries()[0].answer == "550 5.1.1 <…>: not here"


def test_worker_that_slept_past_its_claim_sends_nothing_more(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 3)
    begun(shop)

    def sleeps(step: str, _address: str) -> str:
        if step == "words" and len(office.taken) == 0:
            wait(shop, CLAIM)
        return TAKEN

    office.manners = sleeps
    send_parts(services)
    assert len(office.taken) == 1
    send_all(services)

    assert len(set(office.taken)) == len(office.taken) == 3


def test_late_worker_writes_nothing_over_a_later_claim(
    app: Flask, shop: Shop, office: RudeOffice, services: Services
) -> None:
    some_readers(shop, 1)
    campaign_id = begun(shop)
    fill(campaign_id, services)
    (old,) = take(campaign_id, shop.clock)
    wait(shop, CLAIM)
    (new,) = take(campaign_id, shop.clock)

    skipped(old)

    assert states() == ["waiting"]
    assert new.attempt == old.attempt + 1
