"""Promises about whom a campaign is for: who asked for it, and nobody who said no."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.campaigns.models import Campaign
from store.newsletter.campaigns.segments import matching, size
from store.newsletter.models import Subscriber, SubscriberState, SuppressionReason
from store.newsletter.subscribing import suppress
from store.newsletter.topics import Topic
from store.orders.models import Order, OrderLine, OrderState
from tests.builders import a_product
from tests.campaigns import a_campaign
from tests.inventory.promises import an_order_line
from tests.newsletter.campaigning import a_reader
from tests.shop import Shop


def for_whom(shop: Shop, **wanted: object) -> list[str]:
    """Return the addresses that a campaign is for that asks this of its readers."""
    db.session.rollback()
    campaign = Campaign(**{"topic": Topic.DROPS, "bought": [], "sections": []} | wanted)
    ids = db.session.scalars(matching(campaign, shop.clock)).all()
    found = db.session.scalars(select(Subscriber.email).where(Subscriber.id.in_(ids)))
    emails = sorted(email.partition("@")[0] for email in found)
    assert size(campaign, shop.clock) == len(emails) == len(ids)
    return emails


def bought_by(shop: Shop, email: str, variant: int, state: OrderState = OrderState.PAID) -> None:
    line = an_order_line(variant, 1, shop.clock)
    order = db.session.get_one(Order, db.session.get_one(OrderLine, line).order_id)
    order.email, order.state, order.paid_at = email, state, shop.clock.now()


def test_only_who_is_on_the_list_and_wants_the_topic(app: Flask, shop: Shop) -> None:
    now = shop.clock.now()
    with writing():
        a_reader(shop, "everything@example.org")
        a_reader(shop, "drops@example.org", topics=["drops"])
        a_reader(shop, "back@example.org", topics=["back_in_stock"])
        a_reader(shop, "nothing@example.org", topics=[])
        a_reader(shop, "pending@example.org", state=SubscriberState.PENDING)
        a_reader(shop, "left@example.org", state=SubscriberState.LEFT)
        a_reader(shop, "pauses@example.org", paused_until=now + timedelta(days=1))
        a_reader(shop, "again@example.org", paused_until=now)

    assert for_whom(shop) == ["again", "drops", "everything"]
    assert for_whom(shop, topic=Topic.SALES) == ["again", "everything"]
    assert for_whom(shop, topic=Topic.BACK_IN_STOCK) == ["again", "back", "everything"]


@pytest.mark.parametrize("reason", ["bounced", "complained", "disowned", "erased"])
def test_nobody_who_is_suppressed(app: Flask, shop: Shop, reason: str) -> None:
    with writing():
        a_reader(shop, "fine@example.org")
        a_reader(shop, "silent@example.org")
        suppress(
            email_hash_of("silent@example.org", shop.services.settings),
            SuppressionReason(reason),
            shop.clock,
        )

    assert for_whom(shop) == ["fine"]


def test_who_bought_one_of_these_things(app: Flask, shop: Shop) -> None:
    with writing():
        tee, mug, cap = (a_product(shop.clock, handle=name) for name in ("tee", "mug", "cap"))
        for name in ("tee", "mug", "both", "cap", "unpaid", "refunded"):
            a_reader(shop, f"{name}@example.org")
        bought_by(shop, "Tee@Example.org", tee.variants[0].id)
        bought_by(shop, "mug@example.org", mug.variants[0].id)
        bought_by(shop, "both@example.org", tee.variants[0].id)
        bought_by(shop, "both@example.org", mug.variants[0].id)
        bought_by(shop, "cap@example.org", cap.variants[0].id)
        bought_by(shop, "unpaid@example.org", tee.variants[0].id, OrderState.EXPIRED)
        bought_by(shop, "refunded@example.org", tee.variants[0].id, OrderState.REFUNDED)
        bought_by(shop, "stranger@example.org", tee.variants[0].id)
        wanted = [tee.id, mug.id]

    assert for_whom(shop, bought=wanted) == ["both", "mug", "tee"]
    assert for_whom(shop, bought=wanted[:1]) == ["both", "tee"]


def test_who_signed_up_under_these_sections(app: Flask, shop: Shop) -> None:
    with writing():
        a_reader(shop, "arts@example.org", section="Arts")
        a_reader(shop, "sport@example.org", section="Sport")
        a_reader(shop, "page@example.org")

    assert for_whom(shop, sections=["Arts", "Travel"]) == ["arts"]
    assert for_whom(shop, sections=[]) == ["arts", "page", "sport"]


def test_campaign_of_the_desk_asks_what_its_row_says(app: Flask, shop: Shop) -> None:
    with writing():
        a_reader(shop, "arts@example.org", section="Arts")
        a_reader(shop, "page@example.org")
        campaign = a_campaign(shop.clock)
        campaign.sections = ["Arts"]
        db.session.flush()

        assert size(campaign, shop.clock) == 1
