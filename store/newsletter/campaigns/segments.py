"""To whom a campaign goes: one statement, whatever it asks of its readers."""

from collections.abc import Collection

from sqlalchemy import Select, Text, cast, func, or_, select

from store.catalog.models import Variant
from store.clock import Clock, SystemClock
from store.database import db
from store.newsletter.campaigns.models import Campaign
from store.newsletter.models import ConsentEntry, Subscriber, SubscriberState, Suppression
from store.orders.models import Order, OrderLine, OrderState


def matching(campaign: Campaign, clock: Clock | None = None) -> Select[int]:
    """Return what asks for the subscribers that this campaign is for, by id.

    Nobody is among them who has not confirmed, has left, pauses or is suppressed, nor who does not
    want its topic.
    """
    now = (clock or SystemClock()).now()
    wanted = select(Subscriber.id).where(
        Subscriber.state == SubscriberState.CONFIRMED,
        or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now),
        # A list of words is JSON on both databases, and in quotes none is part of another.
        cast(Subscriber.topics, Text).contains(f'"{campaign.topic}"', autoescape=True),
        Subscriber.id.not_in(_suppressed()),
    )
    if campaign.bought:
        wanted = wanted.where(Subscriber.email.in_(_buyers(campaign.bought)))
    if campaign.sections:
        wanted = wanted.where(Subscriber.section.in_(campaign.sections))
    return wanted


def size(campaign: Campaign, clock: Clock | None = None) -> int:
    """Return how many would be written to if it began now."""
    asked = matching(campaign, clock).subquery()
    return db.session.scalar(select(func.count()).select_from(asked)) or 0


def _suppressed() -> Select[int | None]:
    """Return the subscribers whose address is kept as suppressed: the ledger knows its hash."""
    return (
        select(ConsentEntry.subscriber_id)
        .join(Suppression, Suppression.email_hash == ConsentEntry.email_hash)
        .where(ConsentEntry.subscriber_id.is_not(None))
    )


def _buyers(products: Collection[int]) -> Select[str]:
    return (
        select(func.lower(Order.email))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(Variant.product_id.in_(products), Order.state == OrderState.PAID, Order.email != "")
    )
