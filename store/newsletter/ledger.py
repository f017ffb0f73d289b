"""The consent ledger: who agreed to what, when and where; rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from store.database import db
from store.newsletter.models import ConsentEntry, ConsentKind, Purpose


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is kept of how a step came about; network is shortened until it is no one person's."""

    source: str = ""
    page: str = ""
    locale: str = ""
    wording: str = ""
    network: str = ""


NOWHERE = Circumstances()


def enter(
    kind: ConsentKind,
    *,
    purpose: Purpose = Purpose.NEWSLETTER,
    subscriber_id: int | None,
    email_hash: str,
    at: datetime,
    seen: Circumstances = NOWHERE,
) -> None:
    """Add one step; flushes only."""
    db.session.add(
        ConsentEntry(
            subscriber_id=subscriber_id,
            email_hash=email_hash,
            purpose=purpose,
            kind=kind,
            wording_version=seen.wording,
            locale=seen.locale,
            source=seen.source,
            page=seen.page,
            network=seen.network,
            at=at,
        )
    )
    db.session.flush()


def invitations_since_confirmed(email_hash: str, purpose: Purpose) -> tuple[int, datetime | None]:
    """Return how often this address was invited since it last was confirmed, and when last."""
    mine = and_(ConsentEntry.email_hash == email_hash, ConsentEntry.purpose == purpose)
    confirmed = (
        select(func.coalesce(func.max(ConsentEntry.id), 0))
        .where(mine, ConsentEntry.kind == ConsentKind.CONFIRMED)
        .scalar_subquery()
    )
    number, last = db.session.execute(
        select(func.count(), func.max(ConsentEntry.at)).where(
            mine, ConsentEntry.kind == ConsentKind.ASKED, ConsentEntry.id > confirmed
        )
    ).one()
    return number, last


def may_be_invited(email_hash: str, now: datetime, purpose: Purpose = Purpose.NEWSLETTER) -> bool:
    """At most one invitation a day and three ever: a signup form is no way to flood a mailbox."""
    number, last = invitations_since_confirmed(email_hash, purpose)
    return number < MOST_INVITATIONS and (last is None or now - last >= BETWEEN_INVITATIONS)


MOST_INVITATIONS = 3
BETWEEN_INVITATIONS = timedelta(days=1)
