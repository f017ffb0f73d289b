"""Promises about a reader's own data: all of it is told, and erasing leaves a keyed hash alone."""

from flask import Flask
from sqlalchemy import select

from store.app import data_keepers
from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.campaigns.models import Campaign, Delivery
from store.newsletter.models import Subscriber, Suppression, SuppressionReason
from store.newsletter.subscribing import suppress
from store.newsletter.wording import WORDING, box_words
from tests.newsletter.signing_up import (
    ADDRESS,
    FAR_AWAY,
    SAME_SITE,
    newest_link,
    post,
    run_jobs,
    traces,
)
from tests.shop import Shop


def member(shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS, "offers": "topics", "topics": "sales", "wording": WORDING},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )
    run_jobs(shop)
    post(shop, newest_link("confirm"))


def mailed(shop: Shop) -> None:
    now = shop.clock.now()
    with writing():
        campaign = Campaign(
            title="Ours", sent_subject="Ink", topic="sales", created_at=now, updated_at=now
        )
        db.session.add(campaign)
        db.session.flush()
        db.session.add(
            Delivery(
                campaign_id=campaign.id,
                subscriber_id=db.session.scalars(select(Subscriber.id)).one(),
                domain="example.org",
                state="sent",
                due_at=now,
                sent_at=now,
                answer=f"250 <{ADDRESS}> taken",
            )
        )


def test_she_is_told_everything_that_is_kept(app: Flask, shop: Shop) -> None:
    member(shop)
    link = newest_link("preferences")
    post(shop, f"{link}/pause", months="1")
    mailed(shop)

    kept = data_keepers().kept(ADDRESS.upper(), shop.services)

    subscription = kept["newsletter"]
    assert isinstance(subscription, dict)
    assert (subscription["topics"], subscription["source"]) == (["sales"], "page")
    assert subscription["paused_until"]
    assert kept["newsletter_mails"] == [
        {"subject": "Ink", "state": "sent", "sent_at": shop.clock.now().isoformat()}
    ]
    consents = kept["consents"]
    assert isinstance(consents, list)
    assert [step["step"] for step in consents] == ["asked", "confirmed", "paused"]
    assert consents[0]["words"] == box_words("Gay Nation").consent
    assert consents[0]["network"] == "203.0.113.0/24"
    assert consents[0]["about"] == {"topics": ["sales"]}


def test_she_is_told_why_nothing_is_sent_to_her(app: Flask, shop: Shop) -> None:
    with writing():
        suppress(
            email_hash_of(ADDRESS, shop.services.settings), SuppressionReason.BOUNCED, shop.clock
        )

    kept = data_keepers().kept(ADDRESS, shop.services)

    assert kept["not_written_to"] == {"why": "bounced", "since": shop.clock.now().isoformat()}


def test_erasing_leaves_her_name_nowhere(app: Flask, shop: Shop) -> None:
    member(shop)
    mailed(shop)

    with writing():
        data_keepers().erase(ADDRESS, shop.services)

    assert traces() == []
    assert db.session.scalars(select(Suppression)).one().reason == "erased"
    delivery = db.session.scalars(select(Delivery)).one()
    assert (delivery.subscriber_id, delivery.state) == (None, "sent")
