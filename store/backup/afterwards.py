"""What is to be known of a shop that was just restored: its invariants, and Stripe's news."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from store.backup.manifest import Manifest
from store.checkout.settling import NOT_YET_PAID
from store.database import db, end_reading, writing
from store.gift_cards import proof as gift_card_proof
from store.inventory import proof as stock_proof
from store.newsletter.campaigns.models import Campaign, CampaignState, PauseCause
from store.newsletter.campaigns.pausing import pause
from store.newsletter.campaigns.starting import unschedule
from store.orders.models import Order
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError, PaySession
from store.services import Services

LOOKED_BACK = timedelta(hours=24)
"""How long before the backup a page may have been opened that was paid after it."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened at Stripe and that the archive knows nothing of."""

    number: str
    session_id: str
    what: str


def differences() -> list[str]:
    """Name each number of stock and of gift cards that its rows do not explain."""
    stock = [
        f"stock of variant {one.variant_id}: {one.column} is {one.found}, not {one.explained}"
        for one in stock_proof.proof()
    ]
    cards = [
        f"gift card {one.card_id}: {one.column} is {one.found}, not {one.explained}"
        for one in gift_card_proof.proof()
    ]
    end_reading()
    return stock + cards


def hold_campaigns(services: Services) -> list[str]:
    """Pause what was being sent and unschedule what is due: its mails may have gone since.

    Returns their titles; opens a transaction of its own.
    """
    with writing():
        sending = db.session.scalars(
            select(Campaign).where(Campaign.state == CampaignState.SENDING)
        ).all()
        due = db.session.scalars(
            select(Campaign).where(
                Campaign.state == CampaignState.SCHEDULED,
                Campaign.scheduled_at <= services.clock.now(),
            )
        ).all()
        for campaign in sending:
            pause(campaign, PauseCause.STAFF, services.clock)
        for campaign in due:
            unschedule(campaign, services)
        return [campaign.title for campaign in (*sending, *due)]


def news_of_stripe(manifest: Manifest, services: Services) -> list[News] | None:
    """Return what was paid or given back there since; None where Stripe cannot be asked."""
    try:
        sessions = list(services.payments.sessions_since(manifest.made_at - LOOKED_BACK))
    except (GatewayRefusedError, GatewayUnknownError):
        return None
    found = [news for session in sessions for news in _news(session)]
    end_reading()
    return found


def _news(session: PaySession) -> Iterator[News]:
    if not session.is_paid:
        return
    order = db.session.scalar(select(Order).where(Order.number == session.number))
    there = session.payment.refunded_minor if session.payment else 0
    if order is None:
        yield News(session.number, session.id, "paid there, and unknown here")
    elif order.session_id != session.id:
        yield News(order.number, session.id, "paid there, by a page that is unknown here")
    elif order.state in NOT_YET_PAID:
        yield News(order.number, session.id, f"paid there, and {order.state} here")
    elif there > sum(payment.refunded_minor for payment in order.payments):
        yield News(order.number, session.id, "given back there, and not here")
