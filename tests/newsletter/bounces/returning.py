"""What tests of returned mails begin with: readers on the list, mails that were sent, events."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.models import Message
from store.mail.outgoing import write_mail
from store.mail.rendering import Rendered
from store.newsletter.bounces.events import Complaint, Event, HardBounce, SoftBounce
from store.newsletter.bounces.models import MailReport
from store.newsletter.bounces.taking import take
from store.newsletter.campaigns.models import Campaign, CampaignState, Delivery, DeliveryState
from store.newsletter.models import Subscriber, SubscriberState, Suppression
from tests.newsletter.bounces.samples import READER
from tests.shop import Shop

_numbers = count(1)
ELSEWHERE = "a provider"
Returning = TypeVar("Returning", HardBounce, SoftBounce, Complaint)


def a_reader(shop: Shop, email: str = READER) -> int:
    """Add somebody who is on the list."""
    now = shop.clock.now()
    with writing():
        row = Subscriber(
            email=email,
            secret="a secret",
            state=SubscriberState.CONFIRMED,
            source="page",
            asked_at=now,
            confirmed_at=now,
            updated_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def a_mail(shop: Shop, email: str = READER, kind: str = "orders.confirmed") -> str:
    """Write a mail that was sent, and return its Message-ID."""
    number = next(_numbers)
    with writing():
        row_id = write_mail(
            Rendered("GN Store: your order", "words", "<p>words</p>"),
            recipient=email,
            dedupe_key=f"a test {number}",
            kind=kind,
            clock=shop.clock,
            settings=shop.services.settings,
        )
        row = db.session.get_one(Message, row_id)
        row.sent_at = shop.clock.now()
        return row.message_id


def a_campaign(shop: Shop, **changed: object) -> int:
    now = shop.clock.now()
    values: dict[str, object] = {
        "title": "Drops",
        "topic": "drops",
        "state": CampaignState.SENDING,
        "created_at": now,
        "updated_at": now,
        "started_at": now,
    }
    with writing():
        campaign = Campaign(**(values | changed))
        db.session.add(campaign)
        db.session.flush()
        return campaign.id


def a_delivery(
    shop: Shop,
    campaign_id: int,
    subscriber_id: int,
    state: DeliveryState = DeliveryState.SENT,
) -> str:
    """Deliver a campaign to somebody, and return the Message-ID."""
    now, message_id = shop.clock.now(), f"<{next(_numbers):032x}@example.org>"
    with writing():
        db.session.add(
            Delivery(
                campaign_id=campaign_id,
                subscriber_id=subscriber_id,
                domain="example.net",
                state=state,
                due_at=now,
                message_id=message_id,
                sent_at=now if state is DeliveryState.SENT else None,
            )
        )
    return message_id


def hard(shop: Shop, **changed: Any) -> HardBounce:
    return _event(HardBounce, shop, changed)


def soft(shop: Shop, **changed: Any) -> SoftBounce:
    return _event(SoftBounce, shop, changed)


def complaint(shop: Shop, **changed: Any) -> Complaint:
    return _event(Complaint, shop, changed)


def taken(shop: Shop, *events: Event) -> int:
    with writing():
        return take(events, shop.services)


def reasons() -> list[str]:
    """Return why addresses are not written to."""
    db.session.expire_all()
    return list(db.session.scalars(select(Suppression.reason).order_by(Suppression.id)))


def reports() -> list[tuple[str, str]]:
    """Return the kind and the words of what came back."""
    db.session.expire_all()
    rows = db.session.execute(
        select(MailReport.kind, MailReport.diagnostic).order_by(MailReport.id)
    )
    return [(row.kind, row.diagnostic) for row in rows]


def reason_of(shop: Shop, email: str = READER) -> str | None:
    wanted = email_hash_of(email, shop.services.settings)
    return db.session.scalar(select(Suppression.reason).where(Suppression.email_hash == wanted))


def delivery_of(message_id: str) -> Delivery:
    db.session.expire_all()
    return db.session.scalars(select(Delivery).where(Delivery.message_id == message_id)).one()


def message_of(message_id: str) -> Message:
    db.session.expire_all()
    return db.session.scalars(select(Message).where(Message.message_id == message_id)).one()


def state_of(email: str = READER) -> str | None:
    db.session.expire_all()
    return db.session.scalar(select(Subscriber.state).where(Subscriber.email == email))


def wait(shop: Shop, time: timedelta) -> datetime:
    shop.clock.move_to(shop.clock.now() + time)
    return shop.clock.now()


def _event(kind: type[Returning], shop: Shop, changed: dict[str, Any]) -> Returning:
    plain = kind(
        provider=ELSEWHERE,
        event_id=f"event {next(_numbers)}",
        recipient=READER,
        message_id="",
        at=shop.clock.now(),
        diagnostic="550 5.1.1 User unknown",
    )
    return replace(plain, **changed)
