"""Finds the mail of ours that something was said of: in a campaign, or by itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from store.database import db
from store.mail.models import Message
from store.newsletter.campaigns.models import Delivery
from store.newsletter.models import Subscriber

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that left; recipient is empty once it was forgotten."""

    recipient: str
    message_id: str
    campaign_id: int | None = None


def mails_behind(message_ids: Collection[str]) -> Mapping[str, SentMail]:
    """Return those of these mails that are ours."""
    wanted = {one for one in message_ids if one}
    if not wanted:
        return {}
    found = {
        row.message_id: SentMail(row.recipient, row.message_id)
        for row in db.session.execute(_messages().where(Message.message_id.in_(wanted)))
    }
    for row in db.session.execute(_deliveries().where(Delivery.message_id.in_(wanted))):
        found[row.message_id] = SentMail(row.email or "", row.message_id, row.campaign_id)
    return found


def newest_mail_to(address: str, before: datetime) -> SentMail | None:
    """Return the last mail to this address in the week before: some say whom, and not which."""
    begin, folded = before - LATELY, address.strip().lower()
    single = db.session.execute(
        _messages()
        .add_columns(Message.sent_at)
        .where(
            Message.created_at.between(begin, before),
            Message.recipient.in_({address.strip(), folded}),
            Message.sent_at.is_not(None),
        )
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    many = db.session.execute(
        _deliveries()
        .add_columns(Delivery.sent_at)
        .where(Subscriber.email == folded, Delivery.sent_at.between(begin, before))
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
        .limit(1)
    ).one_or_none()
    if many and (single is None or single.sent_at <= many.sent_at):
        return SentMail(many.email, many.message_id, many.campaign_id)
    return SentMail(single.recipient, single.message_id) if single else None


def _messages() -> Select[str, str]:
    return select(Message.recipient, Message.message_id)


def _deliveries() -> Select[str, str, int]:
    return select(Subscriber.email, Delivery.message_id, Delivery.campaign_id).outerjoin_from(
        Delivery, Subscriber, Subscriber.id == Delivery.subscriber_id
    )
