"""A promise about whatever a mail server answers: each reader once, and nobody forgotten."""

from collections import Counter
from datetime import timedelta

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete

from store.database import db, writing
from store.mail.rest_models import MailRest
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.campaigns.counting import tally
from store.newsletter.campaigns.models import Campaign, CampaignState, Delivery
from store.newsletter.campaigns.sending import send_parts
from store.newsletter.models import ConsentEntry, Subscriber, Suppression
from tests.mail.rude_office import (
    HANGS_UP,
    HANGS_UP_AMID,
    HANGS_UP_HAVING_TAKEN,
    TAKEN,
    RudeOffice,
    open_rude_office,
)
from tests.newsletter.campaigning import (
    a_reader,
    begun,
    deliveries,
    sending_by,
    the_campaign,
)
from tests.shop import Shop

pytestmark = pytest.mark.slow

STEPS = ("greeting", "MAIL", "RCPT", "DATA", "words", "RSET")
ANSWERS = (
    TAKEN,
    "421 4.7.0 closing",
    "450 4.2.1 busy",
    "451 4.7.1 later",
    "451 4.3.0 full",
    "550 5.1.1 nobody",
    "550 5.7.1 disliked",
    HANGS_UP,
)
AMID = {"DATA": (HANGS_UP_AMID,), "words": (HANGS_UP_HAVING_TAKEN,)}
READERS = tuple(f"{name}@{place}.example.org" for place in ("a", "b") for name in ("x", "y", "z"))
LONGEST = timedelta(hours=6)

rude_answer = st.sampled_from(STEPS).flatmap(
    lambda step: st.tuples(st.just(step), st.sampled_from(ANSWERS + AMID.get(step, ())))
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rude=st.lists(rude_answer, max_size=25))
def test_whatever_a_server_answers_each_reader_is_settled_once(
    app: Flask, shop: Shop, rude: list[tuple[str, str]]
) -> None:
    waiting = list(rude)
    taken_twice = 0

    def manners(step: str, _address: str) -> str:
        nonlocal taken_twice
        if not waiting or waiting[0][0] != step:
            return TAKEN
        answer = waiting.pop(0)[1]
        taken_twice += answer == HANGS_UP_HAVING_TAKEN
        return answer

    with open_rude_office(RudeOffice(manners)) as office:
        campaign_id = _begun_for_all(shop)
        services = sending_by(shop, SmtpMailer(office.url))
        for _turn in range(200):
            if not send_parts(services):
                shop.clock.move_to(shop.clock.now() + LONGEST)
            if the_campaign(campaign_id).state == CampaignState.SENT:
                break

    by_state = {row.subscriber_id: row for row in deliveries()}
    assert len(by_state) == len(READERS)
    assert {row.state for row in by_state.values()} <= {"sent", "refused"}
    taken = Counter(office.taken)
    sent = {_email(row) for row in by_state.values() if row.state == "sent"}
    assert sent <= set(taken)
    assert sum(taken.values()) - len(sent) <= taken_twice
    assert len(set(office.message_ids())) == len(taken)
    count = tally(the_campaign(campaign_id))
    assert (count.waiting, count.skipped) == (0, 0)
    assert the_campaign(campaign_id).state == CampaignState.SENT


def _begun_for_all(shop: Shop) -> int:
    """Empty what the example before left, and begin anew."""
    with writing():
        for model in (Delivery, Campaign, ConsentEntry, Suppression, Subscriber, MailRest):
            db.session.execute(delete(model))
        for email in READERS:
            a_reader(shop, email)
    return begun(shop, per_minute=1000)


def _email(row: Delivery) -> str:
    return db.session.get_one(Subscriber, row.subscriber_id).email
