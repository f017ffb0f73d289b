"""Sends campaigns part by part: each reader is looked at again just before her mail goes."""

import time
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import bindparam, case, exists, select

from store.clock import Clock
from store.database import db, writing
from store.keyed import keyed
from store.mail.letterhead import branded
from store.mail.mailer import MailPutOffError, MailRefusedError, Reach
from store.mail.models import Message
from store.mail.moulding import Mould, a_marker, mould_of
from store.mail.outgoing import mailable
from store.mail.resting import rested
from store.mail.sending import compose, mailbox
from store.newsletter.campaigns import outcomes
from store.newsletter.campaigns.claiming import Claim, give_back, take
from store.newsletter.campaigns.letters import addressed, sent_letter
from store.newsletter.campaigns.models import Campaign, CampaignState, Delivery, DeliveryState
from store.newsletter.campaigns.moving import moved
from store.newsletter.campaigns.outcomes import Given
from store.newsletter.campaigns.starting import fill
from store.newsletter.links import leave_link, preferences_link
from store.newsletter.models import Subscriber, SubscriberState
from store.newsletter.suppressing import is_suppressed
from store.services import Services
from store.settings import Settings

PART_SECONDS = 1.5
"""How long one campaign is sent before the next has its part."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is the same for all mails of one part."""

    campaign_id: int
    topic: str
    mould: Mould
    leave: str
    """The marker that stands for each reader's own link."""
    preferences: str
    rested: frozenset[str]
    settings: Settings


def send_parts(services: Services) -> bool:
    """Send a part of every campaign under way; say whether more could go at once."""
    db.session.rollback()
    under_way = db.session.scalars(
        select(Campaign.id).where(Campaign.state == CampaignState.SENDING).order_by(Campaign.id)
    ).all()
    # A list, because each has its turn, whatever the one before says.
    return True in [_send_part(campaign_id, services) for campaign_id in under_way]


def _send_part(campaign_id: int, services: Services) -> bool:
    has_more = fill(campaign_id, services)
    claims = take(campaign_id, services.clock)
    if claims:
        _send(campaign_id, claims, services)
        return True
    finish(campaign_id, services.clock)
    return has_more


def finish(campaign_id: int, clock: Clock) -> None:
    """Say that a campaign is sent once nothing of it waits. Opens its own transaction."""
    waits = exists().where(
        Delivery.campaign_id == campaign_id, Delivery.state == DeliveryState.WAITING
    )
    is_done = select(Campaign.id).where(
        Campaign.id == campaign_id, Campaign.filled_at.is_not(None), ~waits
    )
    db.session.rollback()
    if db.session.scalar(is_done) is None:
        return
    with writing():
        moved(
            campaign_id,
            (CampaignState.SENDING,),
            CampaignState.SENT,
            clock,
            finished_at=clock.now(),
        )


def _send(campaign_id: int, claims: list[Claim], services: Services) -> None:
    """Send what was claimed, for as long as a part lasts; what is left others may have."""
    part = _part(campaign_id, services)
    ends_at = time.monotonic() + PART_SECONDS
    left: list[Claim] = []
    silent: set[str] = set()
    try:
        while claims and time.monotonic() < ends_at:
            if claims[0].domain in silent:
                left.append(claims.pop(0))
                continue
            seen = _look_at(claims[0])
            if not seen.is_under_way:
                return
            claim = claims.pop(0)
            if seen.claimed_until != claim.until or claim.until <= services.clock.now():
                # We slept for so long that it is, or may be, somebody else's.
                continue
            match _send_one(claim, seen.reader, part, services):
                case Reach.RELAY:
                    return
                case Reach.DOMAIN:
                    silent.add(claim.domain)
    finally:
        db.session.rollback()
        give_back([*left, *claims])


def _send_one(
    claim: Claim, reader: Subscriber | None, part: Part, services: Services
) -> Reach | None:
    """Send one mail, or see that it need not be sent; return who is left alone after it."""
    if reader is None or not _may_have(reader, part, services):
        outcomes.skipped(claim)
        return None
    given, message = _mail_to(reader, claim, part, services)
    # No transaction stays open while the outside takes its time.
    db.session.rollback()
    try:
        services.mailer.send(message)
    except MailRefusedError as no:
        outcomes.refused(given, no, services.settings, services.clock)
        return None
    except MailPutOffError as no:
        outcomes.put_off(given, no, services.clock)
        return no.reach
    outcomes.taken(given, part.rested, services.clock)
    return None


def _part(campaign_id: int, services: Services) -> Part:
    campaign, settings = db.session.get_one(Campaign, campaign_id), branded(services.settings)
    leave, preferences = a_marker(), a_marker()
    return Part(
        campaign_id=campaign_id,
        topic=campaign.topic,
        mould=mould_of(
            compose(_written(campaign, leave, preferences, settings), settings), leave, preferences
        ),
        leave=leave,
        preferences=preferences,
        rested=rested(),
        settings=settings,
    )


def _written(campaign: Campaign, leave: str, preferences: str, settings: Settings) -> Message:
    """Return the mail that all others are cast from."""
    words = addressed(sent_letter(campaign), leave, preferences)
    return Message(
        recipient=settings.mail_from,
        reply_to="",
        subject=words.subject,
        text=words.text,
        html=words.html,
        headers=list_headers(leave, settings),
        message_id=_message_id(0, settings),
        created_at=campaign.started_at or campaign.updated_at,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """How things stand just before a mail goes."""

    is_under_way: bool
    claimed_until: datetime | None
    reader: Subscriber | None


def _look_at(claim: Claim) -> Seen:
    """Ask anew before each mail whether its campaign still goes on, and whom it is for.

    A pause is for now, not for the end of a part, and who has left is not told that it was late.
    """
    db.session.rollback()
    state, claimed_until, reader = db.session.execute(
        _LOOK, {"delivery_id": claim.delivery_id, "attempt": claim.attempt}
    ).one()
    return Seen(state == CampaignState.SENDING, claimed_until, reader)


_LOOK = (
    select(
        Campaign.state,
        case((Delivery.attempts == bindparam("attempt"), Delivery.claimed_until)),
        Subscriber,
    )
    .join(Campaign, Campaign.id == Delivery.campaign_id)
    .outerjoin(Subscriber, Subscriber.id == Delivery.subscriber_id)
    .where(Delivery.id == bindparam("delivery_id"))
)


def _may_have(reader: Subscriber, part: Part, services: Services) -> bool:
    if reader.state != SubscriberState.CONFIRMED or part.topic not in reader.topics:
        return False
    if reader.paused_until is not None and reader.paused_until > services.clock.now():
        return False
    return not is_suppressed(reader.email, services.settings)


def _mail_to(
    reader: Subscriber, claim: Claim, part: Part, services: Services
) -> tuple[Given, EmailMessage]:
    message_id = _message_id(claim.delivery_id, part.settings)
    given = Given(claim, part.campaign_id, reader.email, message_id)
    leave = leave_link(reader, services)
    headers = {
        "To": mailbox(reader.email),
        "Message-ID": message_id,
        "List-Unsubscribe": f"<{leave}>",
    }
    # Links of ours hold no sign that HTML writes in another way.
    links = {part.leave: leave, part.preferences: preferences_link(reader, services)}
    return given, part.mould.cast(headers, links)


def list_headers(leave: str, settings: Settings) -> dict[str, str]:
    """Return what tells mail programs how to leave; RFC 8058 asks for both of the first two."""
    return {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<newsletter.{_domain_of(settings)}>",
    }


def _message_id(delivery_id: int, settings: Settings) -> str:
    """Return what is the same for every try, also for one whose worker died before it noted it."""
    signed = keyed(settings, "delivery", str(delivery_id)).hex()[:32]
    return f"<{signed}@{_domain_of(settings)}>"


def _domain_of(settings: Settings) -> str:
    return mailable(settings.mail_from).rpartition("@")[2]
