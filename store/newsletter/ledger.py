"""The consent ledger: who agreed to what, when and where; rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import and_, func, select

from store.database import db, insert_into
from store.newsletter.models import ConsentEntry, ConsentKind, ConsentWording, Purpose


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
    words: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one step; flushes only. Words are what was read, kept where their version is known."""
    db.session.add(
        ConsentEntry(
            subscriber_id=subscriber_id,
            email_hash=email_hash,
            purpose=purpose,
            kind=kind,
            wording_version=seen.wording,
            wording_hash=_kept_words(seen, words, at) if seen.wording and words else None,
            locale=seen.locale,
            source=seen.source,
            page=seen.page,
            network=seen.network,
            detail=dict(detail) if detail else None,
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
            mine, ConsentEntry.kind.in_(INVITES), ConsentEntry.id > confirmed
        )
    ).one()
    return number, last


def may_be_invited(email_hash: str, now: datetime, purpose: Purpose = Purpose.NEWSLETTER) -> bool:
    """At most one invitation a day and three ever: a signup form is no way to flood a mailbox."""
    number, last = invitations_since_confirmed(email_hash, purpose)
    return number < MOST_INVITATIONS and (last is None or now - last >= BETWEEN_INVITATIONS)


def _kept_words(seen: Circumstances, words: str, at: datetime) -> str:
    """Keep words that somebody agreed to, once, so that they can be shown years later."""
    told = f"{seen.wording}\0{seen.locale}\0{words}"
    text_hash = sha256(told.encode()).hexdigest()
    db.session.execute(
        insert_into(ConsentWording)
        .values(text_hash=text_hash, version=seen.wording, locale=seen.locale, text=words, at=at)
        .on_conflict_do_nothing(index_elements=[ConsentWording.text_hash])
    )
    return text_hash


MOST_INVITATIONS = 3
BETWEEN_INVITATIONS = timedelta(days=1)
INVITES = (ConsentKind.ASKED, ConsentKind.IMPORTED)
"""Steps by which a mail asks whether it was her."""
