"""Forgets addresses that nobody confirmed; of a stranger's address nothing may stay."""

from datetime import timedelta

from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.mail.sending import forget_mails_of
from store.newsletter.ledger import enter
from store.newsletter.messages import INVITATION
from store.newsletter.models import ConsentKind, Subscriber, SubscriberState
from store.services import Services

UNCONFIRMED_KEPT = timedelta(days=7)
AT_ONCE = 200


def forget_unconfirmed(services: Services) -> int:
    """Let a batch of invitations lapse; return how many. Opens a transaction of its own.

    Who had been on the list before and left goes back to having left.
    """
    now = services.clock.now()
    with writing():
        lapsed = db.session.scalars(
            select(Subscriber)
            .where(
                Subscriber.state == SubscriberState.PENDING,
                Subscriber.asked_at < now - UNCONFIRMED_KEPT,
            )
            .order_by(Subscriber.id)
            .limit(AT_ONCE)
            # Whoever is invited anew at this moment is looked at again once that is done.
            .with_for_update()
        ).all()
        for subscriber in lapsed:
            _lapse(subscriber, services)
        # The address stands in the mail that asked, too; who confirmed has no more use for it.
        forget_mails_of(INVITATION, before=now - UNCONFIRMED_KEPT)
        return len(lapsed)


def _lapse(subscriber: Subscriber, services: Services) -> None:
    enter(
        ConsentKind.EXPIRED,
        subscriber_id=None,
        email_hash=email_hash_of(subscriber.email, services.settings),
        at=services.clock.now(),
    )
    if subscriber.left_at is None:
        db.session.delete(subscriber)
    else:
        subscriber.state = SubscriberState.LEFT
