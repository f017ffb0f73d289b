"""Which mails a worker may take next: claimed for a while, and no more a minute than was set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, update

from store.clock import Clock
from store.database import db, take_turn, writing
from store.mail.resting import RELAY, resting, rests_until
from store.newsletter.campaigns.models import Campaign, CampaignState, Delivery, DeliveryState

CLAIM = timedelta(minutes=2)
"""Longer than a part and its last mail take; a dead worker's mails wait no longer than this."""
MOST = 20
"""How many mails one worker takes at once."""
MINUTE = timedelta(minutes=1)
PIECES = 10
"""A minute's mails go in as many pieces, so that they do not all go in its first seconds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this worker may send; the attempt's number tells it from a later claim."""

    delivery_id: int
    subscriber_id: int | None
    domain: str
    attempt: int
    until: datetime


def take(campaign_id: int, clock: Clock) -> list[Claim]:
    """Claim the next mails of a campaign, oldest first. Opens its own transaction."""
    now = clock.now()
    # Most of the time there is nothing to take, and a look locks nothing.
    db.session.rollback()
    if rests_until(RELAY, now) or not db.session.scalars(_due(campaign_id, now).limit(1)).all():
        return []
    with writing():
        # Two workers count one after the other, or both would find room for the same mails.
        take_turn(f"campaign {campaign_id}")
        number = min(MOST, _room(campaign_id, now))
        return _claimed(campaign_id, now, number) if number > 0 else []


def give_back(claims: Collection[Claim]) -> None:
    """Let others have what was claimed and not tried. Opens its own transaction."""
    if not claims:
        return
    with writing():
        db.session.execute(
            update(Delivery)
            .where(
                tuple_(Delivery.id, Delivery.attempts).in_(
                    [(claim.delivery_id, claim.attempt) for claim in claims]
                ),
                Delivery.state == DeliveryState.WAITING,
            )
            .values(claimed_until=None, attempts=Delivery.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def _due(campaign_id: int, now: datetime) -> Select[int]:
    return (
        select(Delivery.id)
        .where(
            Delivery.campaign_id == campaign_id,
            Delivery.state == DeliveryState.WAITING,
            Delivery.due_at <= now,
            or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= now),
            Delivery.domain.not_in(resting(now)),
        )
        .order_by(Delivery.due_at, Delivery.id)
    )


def _claimed(campaign_id: int, now: datetime, number: int) -> list[Claim]:
    # Named apart: PostgreSQL reckons it once, and not again for each row that it looks at.
    due = _due(campaign_id, now).limit(number).with_for_update(skip_locked=True).cte("due")
    until = now + CLAIM
    rows = db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(select(due.c.id)))
        .values(claimed_until=until, attempts=Delivery.attempts + 1)
        .returning(Delivery.id, Delivery.subscriber_id, Delivery.domain, Delivery.attempts)
        .execution_options(synchronize_session=False)
    )
    return sorted((Claim(*row, until) for row in rows), key=lambda claim: claim.delivery_id)


def _room(campaign_id: int, now: datetime) -> int:
    """Return how many mails may be given to the outside before others have to wait.

    Counted are those tried lately and those that some worker has in hand: whatever becomes of
    them, in no minute more are given than the campaign may give. So it is exact for any number of
    workers.
    """
    campaign = select(Campaign.per_minute).where(
        Campaign.id == campaign_id, Campaign.state == CampaignState.SENDING
    )
    per_minute = db.session.scalar(campaign)
    if per_minute is None:
        return 0
    in_hand = _count(campaign_id, Delivery.claimed_until > now)
    of_minute = per_minute - _count(campaign_id, Delivery.tried_at > now - MINUTE)
    piece = ceil(per_minute / PIECES)
    of_piece = piece - _count(campaign_id, Delivery.tried_at > now - MINUTE / PIECES)
    return min(of_minute, of_piece) - in_hand


def _count(campaign_id: int, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).where(Delivery.campaign_id == campaign_id, which)
    return db.session.scalar(counted) or 0
