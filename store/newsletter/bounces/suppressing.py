"""Who is not written to any more because of what came back, and who may be again."""

from datetime import timedelta

from sqlalchemy import func, select, update

from store.database import db, insert_into
from store.errors import ConflictError, NotFoundError
from store.keyed import email_hash_of
from store.newsletter.back_in_stock.forgetting import forget_requests_of
from store.newsletter.bounces.models import MailReport, ReportKind
from store.newsletter.ledger import enter
from store.newsletter.models import (
    ConsentEntry,
    ConsentKind,
    Subscriber,
    SubscriberState,
    Suppression,
    SuppressionReason,
)
from store.services import Services

MOST_SOFT_DAYS = 3
"""On so many days a mail did not arrive: more is no accident."""
SOFT_WINDOW = timedelta(days=90)
LIFTABLE = frozenset({SuppressionReason.BOUNCED, SuppressionReason.BY_HAND})
"""What only says that nobody reads there. What a person said for herself stands."""


class NotLiftableError(ConflictError):
    """Its owner asked for it: she alone may change that."""


def suppress_bounced(email_hash: str, services: Services) -> None:
    """Write there no more; whatever was noted before says more and stands. Flushes only."""
    _note(email_hash, SuppressionReason.BOUNCED, services)


def suppress_if_soft_too_often(email_hash: str, services: Services) -> bool:
    """Suppress where mails did not arrive on three days of the window; flushes only."""
    since = services.clock.now() - SOFT_WINDOW
    days = select(func.count(func.date(MailReport.at).distinct())).where(
        MailReport.email_hash == email_hash,
        MailReport.kind == ReportKind.SOFT,
        MailReport.at > since,
        MailReport.counts,
    )
    if (db.session.scalar(days) or 0) < MOST_SOFT_DAYS:
        return False
    suppress_bounced(email_hash, services)
    return True


def suppress_complaining(address: str, services: Services) -> None:
    """Take whoever called it spam off every list, for good; flushes only."""
    now, email_hash = services.clock.now(), email_hash_of(address, services.settings)
    _note(email_hash, SuppressionReason.COMPLAINED, services)
    db.session.execute(
        update(Suppression)
        .where(
            Suppression.email_hash == email_hash,
            Suppression.reason.not_in({SuppressionReason.DISOWNED, SuppressionReason.COMPLAINED}),
        )
        .values(reason=SuppressionReason.COMPLAINED, at=now)
    )
    forget_requests_of(address.strip().lower(), email_hash)
    left = db.session.scalar(
        update(Subscriber)
        .where(
            Subscriber.email == address.strip().lower(), Subscriber.state != SubscriberState.LEFT
        )
        .values(state=SubscriberState.LEFT, left_at=now, updated_at=now)
        .returning(Subscriber.id)
    )
    if left is not None:
        enter(ConsentKind.COMPLAINED, subscriber_id=left, email_hash=email_hash, at=now)


def suppress_by_hand(address: str, services: Services) -> int | None:
    """Note that staff want nothing written there; return the row, none where one was there."""
    return _note(email_hash_of(address, services.settings), SuppressionReason.BY_HAND, services)


def lift(suppression_id: int) -> str:
    """Let an address be written to again and return why it was not; flushes only.

    Raises NotFoundError, and NotLiftableError for what its owner asked for. What did not arrive so
    far counts no longer, or the next full mailbox would suppress it at once.
    """
    row = db.session.get(Suppression, suppression_id, with_for_update=True)
    if row is None:
        raise NotFoundError(f"no suppression {suppression_id}")
    if row.reason not in LIFTABLE:
        raise NotLiftableError(f"{row.reason} is not lifted")
    email_hash, reason = row.email_hash, row.reason
    if _was_erased(email_hash):
        # Where she had herself erased before it bounced, her own click alone brings her back.
        row.reason = SuppressionReason.ERASED
    else:
        db.session.delete(row)
    db.session.execute(
        update(MailReport).where(MailReport.email_hash == email_hash).values(counts=False)
    )
    return reason


def _was_erased(email_hash: str) -> bool:
    last = (
        select(ConsentEntry.kind)
        .where(
            ConsentEntry.email_hash == email_hash,
            ConsentEntry.kind.in_({ConsentKind.ERASED, ConsentKind.CONFIRMED}),
        )
        .order_by(ConsentEntry.id.desc())
        .limit(1)
    )
    return db.session.scalar(last) == ConsentKind.ERASED


def _note(email_hash: str, reason: SuppressionReason, services: Services) -> int | None:
    return db.session.scalar(
        insert_into(Suppression)
        .values(email_hash=email_hash, reason=reason, at=services.clock.now())
        .on_conflict_do_nothing(index_elements=[Suppression.email_hash])
        .returning(Suppression.id)
    )
