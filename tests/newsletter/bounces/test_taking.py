"""Promises about what follows when a mail comes back."""

from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.refused import refused_count, send_again
from store.mail.sending import send_message
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.bounces.events import MAILBOX, Event
from store.newsletter.bounces.forgetting import forget_old_reports
from store.newsletter.bounces.models import MailReport
from store.newsletter.bounces.suppressing import NotLiftableError, lift, suppress_by_hand
from store.newsletter.campaigns.models import Campaign, DeliveryState
from store.newsletter.models import Subscriber, Suppression, SuppressionReason
from store.newsletter.own_data import NewsletterKeeper
from store.newsletter.subscribing import erase, suppress
from tests.mail.post_office import PostOffice, open_post_office
from tests.newsletter.bounces.returning import (
    a_campaign,
    a_delivery,
    a_mail,
    a_reader,
    complaint,
    delivery_of,
    hard,
    message_of,
    reason_of,
    reasons,
    reports,
    soft,
    state_of,
    taken,
    wait,
)
from tests.newsletter.bounces.samples import READER
from tests.newsletter.signing_up import ledger, traces
from tests.shop import Shop

DAY = timedelta(days=1)
_readers = count(1)


def test_an_address_where_nobody_is_gets_no_more_mails(app: Flask, shop: Shop) -> None:
    a_reader(shop)

    taken(shop, hard(shop))

    assert reason_of(shop) == "bounced"
    assert state_of() == "confirmed"


def test_told_twice_it_changes_nothing(app: Flask, shop: Shop) -> None:
    event = hard(shop)

    assert (taken(shop, event, event), taken(shop, event)) == (1, 0)
    assert len(reports()) == 1


def test_the_same_name_at_another_provider_is_another_event(app: Flask, shop: Shop) -> None:
    events = [hard(shop, event_id="1", provider=name) for name in ("mailgun", "postmark")]

    assert taken(shop, *events) == 2


def test_mails_that_do_not_arrive_on_three_days_are_enough(app: Flask, shop: Shop) -> None:
    for _day in range(2):
        taken(shop, soft(shop), soft(shop))
        wait(shop, DAY)
    assert reasons() == []

    taken(shop, soft(shop))

    assert reasons() == ["bounced"]


def test_what_did_not_arrive_long_ago_counts_no_longer(app: Flask, shop: Shop) -> None:
    for _turn in range(4):
        taken(shop, soft(shop))
        wait(shop, timedelta(days=46))

    assert reasons() == []


def test_a_complaint_takes_its_reader_off_the_list(app: Flask, shop: Shop) -> None:
    a_reader(shop)

    taken(shop, complaint(shop))

    assert state_of() == "left"
    assert reason_of(shop) == "complained"
    assert ledger() == ["complained"]


def test_a_complaint_weighs_more_than_a_bounce(app: Flask, shop: Shop) -> None:
    taken(shop, hard(shop))
    taken(shop, complaint(shop))
    taken(shop, hard(shop))

    assert reasons() == ["complained"]


@pytest.mark.parametrize("reason", ["disowned", "erased"])
def test_what_a_reader_said_herself_outlasts_a_bounce(app: Flask, shop: Shop, reason: str) -> None:
    with writing():
        suppress(
            email_hash_of(READER, shop.services.settings), SuppressionReason(reason), shop.clock
        )

    taken(shop, hard(shop))

    assert reasons() == [reason]


def test_a_campaign_knows_what_became_of_each_mail(app: Flask, shop: Shop) -> None:
    campaign = a_campaign(shop)
    mails = [
        a_delivery(shop, campaign, a_reader(shop, f"reader-{number}@example.net"))
        for number in range(3)
    ]

    taken(shop, hard(shop, message_id=mails[0]), complaint(shop, message_id=mails[1]))

    states = [delivery_of(mail).state for mail in mails]
    assert states == [DeliveryState.REFUSED, DeliveryState.COMPLAINED, DeliveryState.SENT]
    assert delivery_of(mails[0]).answer == "550 5.1.1 User unknown"
    assert reason_of(shop, "reader-0@example.net") == "bounced"
    assert reason_of(shop, "reader-1@example.net") == "complained"


def test_a_mail_whose_worker_died_is_not_sent_again_once_it_came_back(
    app: Flask, shop: Shop
) -> None:
    mail = a_delivery(shop, a_campaign(shop), a_reader(shop), DeliveryState.WAITING)

    taken(shop, hard(shop, message_id=mail))

    assert delivery_of(mail).state == DeliveryState.REFUSED


def test_the_address_that_we_wrote_to_counts_wherever_it_forwards(app: Flask, shop: Shop) -> None:
    mail = a_mail(shop)

    taken(shop, hard(shop, message_id=mail, recipient="inner@corp.example.net"))

    assert reason_of(shop) == "bounced"
    assert reason_of(shop, "inner@corp.example.net") is None


def test_a_provider_that_names_no_mail_means_the_last_one(app: Flask, shop: Shop) -> None:
    older = a_mail(shop)
    wait(shop, DAY)
    newer = a_delivery(shop, a_campaign(shop), a_reader(shop))
    wait(shop, DAY)

    taken(shop, hard(shop))

    assert delivery_of(newer).state == DeliveryState.REFUSED
    assert message_of(older).refused_at is None


def test_an_order_mail_that_came_back_needs_a_hand(app: Flask, shop: Shop) -> None:
    mail = a_mail(shop)

    taken(shop, hard(shop, message_id=mail))

    assert refused_count() == 1
    assert message_of(mail).refusal == "550 5.1.1 User unknown"


def test_an_order_mail_that_came_back_can_be_sent_again(app: Flask, shop: Shop) -> None:
    mail = a_mail(shop)
    taken(shop, hard(shop, message_id=mail))
    row_id = message_of(mail).id
    with writing():
        send_again(row_id, shop.clock)

    with open_post_office(PostOffice()) as office:
        send_message(row_id, SmtpMailer(office.url), shop.clock, shop.services.settings)

    assert office.recipients == [READER]


def test_a_complaint_about_an_order_mail_says_that_it_arrived(app: Flask, shop: Shop) -> None:
    taken(shop, complaint(shop, message_id=a_mail(shop)))

    assert refused_count() == 0


def test_nobody_shuts_a_mailbox_by_writing_to_ours(app: Flask, shop: Shop) -> None:
    a_mail(shop)
    invented = "<ffffffffffffffffffffffffffffffff@example.org>"

    taken(shop, hard(shop, provider=MAILBOX, message_id=invented))

    assert reasons() == []
    assert reports() == [("unclear", "It speaks of no mail that we sent.")]


def test_what_is_kept_names_nobody(app: Flask, shop: Shop) -> None:
    mail = a_mail(shop)
    with writing():
        db.session.delete(message_of(mail))

    taken(shop, hard(shop, diagnostic=f"550 <{READER}> unknown; ask POSTMASTER@example.net"))

    assert reports() == [("hard", "550 <…> unknown; ask …")]
    assert traces(READER) == []


def test_staff_lift_what_bounced_and_it_takes_three_days_again(app: Flask, shop: Shop) -> None:
    for _day in range(3):
        taken(shop, soft(shop))
        wait(shop, DAY)
    row_id = db.session.scalars(select(Suppression.id)).one()
    with writing():
        assert lift(row_id) == "bounced"

    taken(shop, soft(shop))

    assert reasons() == []


@pytest.mark.parametrize("reason", ["disowned", "erased", "complained"])
def test_nobody_lifts_what_a_reader_asked_for(app: Flask, shop: Shop, reason: str) -> None:
    with writing():
        suppress(
            email_hash_of(READER, shop.services.settings), SuppressionReason(reason), shop.clock
        )
    row_id = db.session.scalars(select(Suppression.id)).one()

    with pytest.raises(NotLiftableError), writing():
        lift(row_id)

    assert reasons() == [reason]


def test_an_address_that_was_erased_is_so_again_once_its_bounce_is_lifted(
    app: Flask, shop: Shop
) -> None:
    subscriber_id = a_reader(shop)
    with writing():
        erase(db.session.get_one(Subscriber, subscriber_id), shop.services)
        suppress(
            email_hash_of(READER, shop.services.settings), SuppressionReason.BOUNCED, shop.clock
        )
    row_id = db.session.scalars(select(Suppression.id)).one()

    with writing():
        lift(row_id)

    assert reasons() == [SuppressionReason.ERASED]


def test_a_campaign_pauses_by_itself_when_too_much_comes_back(app: Flask, shop: Shop) -> None:
    campaign = a_campaign(shop)
    mails = [
        a_delivery(shop, campaign, a_reader(shop, f"reader-{number}@example.net"))
        for number in range(120)
    ]

    taken(shop, *(hard(shop, message_id=mail) for mail in mails[:20]))

    assert db.session.get_one(Campaign, campaign).pause_cause == "bounces"


def test_by_hand_is_noted_once(app: Flask, shop: Shop) -> None:
    with writing():
        first = suppress_by_hand(READER, shop.services)
        again = suppress_by_hand(READER.upper(), shop.services)

    assert first is not None
    assert again is None


def test_whoever_is_erased_leaves_nothing_that_names_her(app: Flask, shop: Shop) -> None:
    subscriber_id = a_reader(shop)
    taken(shop, hard(shop, provider=MAILBOX, message_id="<x@example.org>"), hard(shop))
    assert traces(READER) != []

    with writing():
        erase(db.session.get_one(Subscriber, subscriber_id), shop.services)

    assert traces(READER) == []
    assert len(reports()) == 2


def test_own_data_says_what_came_back(app: Flask, shop: Shop) -> None:
    taken(shop, hard(shop))

    kept = NewsletterKeeper().kept(READER, shop.services)

    assert kept["returned_mails"] == [{"what": "hard", "at": shop.clock.now().isoformat()}]


def test_reports_are_forgotten_after_a_year(app: Flask, shop: Shop) -> None:
    taken(shop, hard(shop), hard(shop, provider=MAILBOX, message_id="<x@example.org>"))

    wait(shop, timedelta(days=31))
    forget_old_reports(shop.clock)
    assert list(db.session.scalars(select(MailReport.excerpt))) == ["", ""]
    wait(shop, timedelta(days=335))
    forget_old_reports(shop.clock)

    assert reports() == []


@given(st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_any_repetition_comes_to_the_same(shop: Shop, data: st.DataObject) -> None:
    with shop.app.app_context():
        email = f"reader-{next(_readers)}@example.net"
        mail = a_delivery(shop, a_campaign(shop), a_reader(shop, email))
        about = {"message_id": mail, "recipient": email}
        told: list[Event] = [
            hard(shop, **about),
            soft(shop, **about),
            complaint(shop, **about),
        ]
        before = _number()

        for _turn in range(2):
            for part in data.draw(st.permutations([told[:2], told[1:], told])):
                taken(shop, *part)

        assert reason_of(shop, email) == "complained"
        assert state_of(email) == "left"
        assert delivery_of(mail).state == DeliveryState.COMPLAINED
        assert _number() == before + 3


def _number() -> int:
    return db.session.scalars(select(func.count()).select_from(MailReport)).one()
