"""Promises about what a shop tells the machines that watch it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from store.checkout.models import Reconciliation
from store.checkout.vitals import vitals
from store.database import db, writing
from store.gift_cards.models import GiftCardProof
from store.inventory.models import StockProof
from store.jobs.leases import show_life
from store.jobs.models import OutboxRow
from store.mail.models import Message
from store.mail.outgoing import SendMail
from store.newsletter.campaigns.models import CampaignState, PauseCause
from store.orders.models import StripeEvent
from tests.campaigns import a_campaign
from tests.catalog.counting import counted_queries
from tests.shop import Shop


def told(reader: FlaskClient, name: str) -> dict[str, float]:
    """Return what /metrics says of one name, by labels and without the process."""
    lines = reader.get("/metrics").text.splitlines()
    found = [line.rpartition(" ") for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
    return {words.removeprefix(name): float(value) for words, _, value in found}


def keep(shop: Shop, *rows: object) -> None:
    with shop.app.app_context(), writing():
        db.session.add_all(rows)


def a_job(shop: Shop, *, minutes: int, kind: str = "orders.anything", **told: object) -> OutboxRow:
    """Return a job that has been due for so many minutes."""
    due = shop.clock.now() - timedelta(minutes=minutes)
    return OutboxRow(kind=kind, payload={}, created_at=due, due_at=due, **told)


def test_quiet_shop_has_nothing_that_waits(shop: Shop, reader: FlaskClient) -> None:
    for name in ("oldest_job_seconds", "oldest_event_seconds", "failed_jobs", "mails_waiting"):
        assert told(reader, f"store_{name}") == {"": 0}

    assert told(reader, "store_database_up") == {"": 1}


def test_shop_that_was_never_proved_does_not_claim_to_be_well(reader: FlaskClient) -> None:
    assert told(reader, "store_stock_differences") == {}
    assert told(reader, "store_reconciled_seconds") == {}


def test_oldest_job_that_is_due_is_told(shop: Shop, reader: FlaskClient) -> None:
    now = shop.clock.now()
    keep(
        shop,
        a_job(shop, minutes=7),
        a_job(shop, minutes=3),
        a_job(shop, minutes=60, done_at=now),
        a_job(shop, minutes=90, failed_at=now),
        a_job(shop, minutes=-30),
    )

    assert told(reader, "store_oldest_job_seconds") == {"": 420}
    assert told(reader, "store_failed_jobs") == {"": 1}


def test_mails_that_wait_and_were_refused_are_counted(shop: Shop, reader: FlaskClient) -> None:
    now = shop.clock.now()
    words = {"kind": "orders.confirmed", "subject": "", "text": "", "html": "", "created_at": now}
    refused = {
        key: Message(dedupe_key=key, message_id=key, recipient=recipient, refused_at=now, **words)
        for key, recipient in (("one", "gone@example.org"), ("put aside", ""))
    }
    keep(shop, *refused.values(), a_job(shop, minutes=-5, kind=SendMail.kind))

    assert told(reader, "store_mails_waiting") == {"": 1}
    assert told(reader, "store_mails_refused") == {"": 1}


def test_oldest_event_that_was_not_worked_in_is_told(shop: Shop, reader: FlaskClient) -> None:
    now = shop.clock.now()
    for number, (minutes, finished) in enumerate(((50, now), (4, None), (2, None))):
        received = now - timedelta(minutes=minutes)
        event = {"event_id": f"evt_{number}", "kind": "charge.refunded", "body": "{}"}
        keep(shop, StripeEvent(**event, received_at=received, finished_at=finished))

    assert told(reader, "store_oldest_event_seconds") == {"": 240}


@pytest.mark.parametrize(
    ("proof", "differences", "age"),
    [
        (Reconciliation, "reconciliation_differences", "reconciled_seconds"),
        (StockProof, "stock_differences", "stock_proved_seconds"),
        (GiftCardProof, "gift_card_differences", "gift_cards_proved_seconds"),
    ],
)
def test_the_last_proof_counts(
    shop: Shop,
    reader: FlaskClient,
    proof: type[Reconciliation | StockProof | GiftCardProof],
    differences: str,
    age: str,
) -> None:
    named: dict[str, object] = {"named": []} if proof is Reconciliation else {}
    yesterday, now = shop.clock.now() - timedelta(days=1), shop.clock.now()
    keep(shop, proof(at=yesterday, differences=9, **named))
    keep(shop, proof(at=now - timedelta(minutes=1), differences=2, **named))

    assert told(reader, f"store_{differences}") == {"": 2}
    assert told(reader, f"store_{age}") == {"": 60}


def test_campaigns_are_counted_by_state_and_why_they_pause(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_campaign(shop.clock, title="One")
        a_campaign(shop.clock, title="Two")
        paused = a_campaign(shop.clock, title="Three")
        paused.state, paused.pause_cause = CampaignState.PAUSED, PauseCause.BOUNCES

    assert told(reader, "store_campaigns") == {
        '{state="draft",cause=""}': 2,
        '{state="paused",cause="bounces"}': 1,
    }


def test_workers_that_live_are_counted(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context():
        show_life("worker-of-a-test", timedelta(minutes=1), shop.clock)

    assert told(reader, "store_workers") == {"": 1}


def test_measuring_takes_three_statements(shop: Shop) -> None:
    with shop.app.app_context(), counted_queries() as statements:
        list(vitals(shop.clock))

    assert len(statements) == 3


def test_answers_are_told_by_group_with_their_time(reader: FlaskClient) -> None:
    reader.get("/products")
    reader.get("/no-such-page")
    reader.get("/staff/")
    counted = told(reader, "store_answers_total")
    groups = {(labels.split('"')[1], labels.split('"')[3]) for labels in counted}

    assert {("catalog", "2xx"), ("none", "4xx"), ("staff", "3xx")} <= groups
    times = told(reader, "store_answer_seconds_bucket")
    assert sum(n for labels, n in times.items() if 'group="catalog",le="+Inf"' in labels) == 1
