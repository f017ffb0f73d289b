"""Asks the people of a list, a few a minute: nobody comes onto the newsletter by a list alone."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from store.database import db, insert_into, writing
from store.newsletter.importing.bringing_in import end_if_done, is_kept_out, is_known
from store.newsletter.importing.models import ImportedAddress, ImportState, SubscriberImport
from store.newsletter.ledger import (
    BETWEEN_INVITATIONS,
    Circumstances,
    enter,
    invitations_since_confirmed,
)
from store.newsletter.messages import mail_invitation
from store.newsletter.models import ConsentKind, Purpose, Subscriber, SubscriberState
from store.services import Services

EVERY = timedelta(minutes=1)
AT_ONCE = 50
SOURCE = "import"


def ask_some(services: Services) -> int:
    """Ask as many as a minute may; return how many. Opens a transaction for each address."""
    due = db.session.scalars(
        select(ImportedAddress.id)
        .join(SubscriberImport, SubscriberImport.id == ImportedAddress.import_id)
        .where(
            SubscriberImport.state == ImportState.ASKING,
            ImportedAddress.due_at <= services.clock.now(),
        )
        .order_by(ImportedAddress.due_at, ImportedAddress.id)
        .limit(AT_ONCE)
    ).all()
    db.session.rollback()
    return sum(_ask(address_id, services) for address_id in due)


def _ask(address_id: int, services: Services) -> bool:
    """Ask one address, if it still may be; the row goes with the mail that asks."""
    with writing():
        row = db.session.get(ImportedAddress, address_id, with_for_update=True)
        kept = db.session.get(SubscriberImport, row.import_id) if row else None
        if row is None or kept is None or kept.state != ImportState.ASKING:
            return False
        column = _column_for(row)
        if column == "asked":
            last = invitations_since_confirmed(row.email_hash, Purpose.NEWSLETTER)[1]
            if last is not None and services.clock.now() - last < BETWEEN_INVITATIONS:
                row.due_at = last + BETWEEN_INVITATIONS
                return False
            if not _invite(row, kept, services):
                column = "known"
        import_id = kept.id
        db.session.delete(row)
        db.session.flush()
        counter = getattr(SubscriberImport, column)
        db.session.execute(
            update(SubscriberImport)
            .where(SubscriberImport.id == import_id)
            .values({column: counter + 1})
        )
        end_if_done(import_id, services.clock.now())
    return column == "asked"


def _column_for(row: ImportedAddress) -> str:
    """Say as what an address counts now: much may have happened since the list was begun."""
    is_out, is_here = db.session.execute(
        select(is_kept_out(), is_known()).where(ImportedAddress.id == row.id)
    ).one()
    return "kept_out" if is_out else "known" if is_here else "asked"


def _invite(row: ImportedAddress, kept: SubscriberImport, services: Services) -> bool:
    """Write the row, the step and the mail; say whether she did not sign up herself just now."""
    now = services.clock.now()
    row_id = db.session.scalar(
        insert_into(Subscriber)
        .values(
            email=row.email,
            secret=secrets.token_urlsafe(24),
            state=SubscriberState.PENDING,
            locale="en",
            topics=list(kept.topics),
            source=SOURCE,
            section="",
            asked_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Subscriber.email])
        .returning(Subscriber.id)
    )
    if row_id is None:
        return False
    subscriber = db.session.get_one(Subscriber, row_id)
    enter(
        ConsentKind.IMPORTED,
        subscriber_id=subscriber.id,
        email_hash=row.email_hash,
        at=now,
        seen=Circumstances(source=SOURCE, locale=subscriber.locale),
        detail={
            "where": kept.agreed_where,
            "on": kept.agreed_on.isoformat(),
            "topics": list(kept.topics),
        },
    )
    mail_invitation(subscriber, services)
    return True
