"""What tests of sending do again and again: readers on the list, a campaign, parts of it sent."""

import secrets
from dataclasses import replace

from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.mailer import Mailer
from store.newsletter.campaigns.models import Campaign, Delivery
from store.newsletter.campaigns.sending import send_parts
from store.newsletter.campaigns.starting import begin
from store.newsletter.ledger import enter
from store.newsletter.models import ConsentKind, Subscriber, SubscriberState
from store.services import Services
from tests.campaigns import a_campaign
from tests.shop import Shop

MOST_PARTS = 50
"""More than any test needs; a campaign that goes on for longer goes on for ever."""


def a_reader(shop: Shop, email: str = "river@example.org", **changed: object) -> int:
    """Put an address on the list, as if she had confirmed; call it inside `writing()`."""
    now = shop.clock.now()
    given: dict[str, object] = {
        "email": email,
        "secret": secrets.token_urlsafe(24),
        "state": SubscriberState.CONFIRMED,
        "source": "page",
        "asked_at": now,
        "confirmed_at": now,
        "updated_at": now,
    }
    reader = Subscriber(**given | changed)
    db.session.add(reader)
    db.session.flush()
    enter(
        ConsentKind.CONFIRMED,
        subscriber_id=reader.id,
        email_hash=email_hash_of(email, shop.services.settings),
        at=now,
    )
    return reader.id


def some_readers(shop: Shop, number: int, domain: str = "example.org") -> list[str]:
    emails = [f"reader{one:04}@{domain}" for one in range(number)]
    with writing():
        for email in emails:
            a_reader(shop, email)
    return emails


def begun(shop: Shop, **changed: object) -> int:
    """Return a campaign that has just begun."""
    with writing():
        campaign = a_campaign(shop.clock)
        for name, value in changed.items():
            setattr(campaign, name, value)
        begin(campaign, shop.services)
        return campaign.id


def sending_by(shop: Shop, mailer: Mailer) -> Services:
    return replace(shop.services, mailer=mailer)


def send_all(services: Services) -> None:
    """Send until nothing more can go at this moment."""
    for _part in range(MOST_PARTS):
        if not send_parts(services):
            return
    raise AssertionError("it goes on and on")


def the_campaign(campaign_id: int) -> Campaign:
    db.session.rollback()
    return db.session.get_one(Campaign, campaign_id)


def deliveries() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def states() -> list[str]:
    return [delivery.state for delivery in deliveries()]
