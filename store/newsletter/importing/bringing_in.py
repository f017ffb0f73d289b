"""Takes in a list of addresses on staff's word: looked at first, then its people are asked by mail.

Whoever is on the list, was on it, or is not to be written to stays as she is; staff learn how many
that are and never who.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, update

from store.clock import Clock
from store.database import db, writing
from store.errors import ConflictError, NotFoundError
from store.keyed import email_hash_of
from store.newsletter.importing.files import MOST_FAULTS, ReadList
from store.newsletter.importing.models import ImportedAddress, ImportState, SubscriberImport
from store.newsletter.ledger import INVITES, MOST_INVITATIONS
from store.newsletter.models import ConsentEntry, Purpose, Subscriber, Suppression
from store.newsletter.topics import known_topics
from store.services import Services

READ_KEPT = timedelta(days=1)
"""How long a list waits for somebody to say yes; then its addresses are forgotten."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Statement:
    """On whose word, and where and when the people of a list agreed."""

    made_by: str
    agreed_where: str
    agreed_on: date
    topics: Collection[str]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a list would do now: how many are asked, and how many stay as they are."""

    asked: int
    known: int
    kept_out: int


class NotWaitingError(ConflictError):
    """Somebody began or stopped it meanwhile."""


def take_in(read: ReadList, statement: Statement, services: Services) -> int:
    """Keep a list to be looked at; return its number. Flushes only."""
    now = services.clock.now()
    kept = SubscriberImport(
        state=ImportState.READ,
        made_by=statement.made_by,
        agreed_where=statement.agreed_where,
        agreed_on=statement.agreed_on,
        topics=list(known_topics(statement.topics)),
        rows=read.rows,
        faults=[[line, fault] for line, fault in read.faults[:MOST_FAULTS]],
        read_at=now,
    )
    db.session.add(kept)
    db.session.flush()
    rows = [
        {
            "import_id": kept.id,
            "email": email,
            "email_hash": email_hash_of(email, services.settings),
            "due_at": now,
        }
        for email in read.addresses
    ]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(ImportedAddress), rows[start : start + AT_ONCE])
    return kept.id


def import_of(import_id: int, *, locked: bool = False) -> SubscriberImport:
    found = db.session.get(SubscriberImport, import_id, with_for_update=locked)
    if found is None:
        raise NotFoundError(f"no list {import_id}")
    return found


def imports() -> Sequence[SubscriberImport]:
    """Return the lists that were brought in, the newest first."""
    newest = select(SubscriberImport).order_by(SubscriberImport.id.desc()).limit(50)
    return db.session.scalars(newest).all()


def outlook(import_id: int) -> Outlook:
    waiting = waiting_of(import_id)
    kept_out = waiting_of(import_id, is_kept_out())
    known = waiting_of(import_id, ~is_kept_out(), is_known())
    return Outlook(waiting - kept_out - known, known, kept_out)


def begin(kept: SubscriberImport, clock: Clock) -> None:
    """Have its people asked; raises NotWaitingError. Flushes only, with the row locked."""
    if kept.state != ImportState.READ:
        raise NotWaitingError("it is not waiting for a yes")
    found = outlook(kept.id)
    kept.known, kept.kept_out = found.known, found.kept_out
    _drop(kept.id, or_(is_kept_out(), is_known()))
    kept.state, kept.begun_at = ImportState.ASKING, clock.now()
    end_if_done(kept.id, clock.now())
    db.session.flush()


def stop(kept: SubscriberImport, clock: Clock) -> None:
    """Ask nobody more, and forget whom it would have been; raises NotWaitingError. Flushes only."""
    if kept.state not in {ImportState.READ, ImportState.ASKING}:
        raise NotWaitingError("it is over")
    _drop(kept.id)
    kept.state, kept.ended_at = ImportState.STOPPED, clock.now()
    db.session.flush()


def end_if_done(import_id: int, now: datetime) -> None:
    """Note that nobody is left to be asked; flushes only."""
    left = exists().where(ImportedAddress.import_id == import_id)
    db.session.execute(
        update(SubscriberImport)
        .where(
            SubscriberImport.id == import_id,
            SubscriberImport.state == ImportState.ASKING,
            ~left,
        )
        .values(state=ImportState.DONE, ended_at=now)
    )


def forget_unbegun(clock: Clock) -> None:
    """Forget lists that nobody said yes to; opens a transaction of its own."""
    with writing():
        db.session.execute(
            delete(SubscriberImport)
            .where(
                SubscriberImport.state == ImportState.READ,
                SubscriberImport.read_at < clock.now() - READ_KEPT,
            )
            .execution_options(synchronize_session=False)
        )


def waiting_of(import_id: int, *which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(ImportedAddress)
    return db.session.scalar(counted.where(ImportedAddress.import_id == import_id, *which)) or 0


def is_known() -> ColumnElement[bool]:
    return exists().where(Subscriber.email == ImportedAddress.email)


def is_kept_out() -> ColumnElement[bool]:
    """Suppressed for whatever reason, her own erasure too, or asked as often as anybody may be."""
    asked = (
        select(func.count())
        .where(
            ConsentEntry.email_hash == ImportedAddress.email_hash,
            ConsentEntry.purpose == Purpose.NEWSLETTER,
            ConsentEntry.kind.in_(INVITES),
        )
        .correlate(ImportedAddress)
        .scalar_subquery()
    )
    suppressed = exists().where(Suppression.email_hash == ImportedAddress.email_hash)
    return or_(suppressed, asked >= MOST_INVITATIONS)


def _drop(import_id: int, *which: ColumnElement[bool]) -> None:
    db.session.execute(
        delete(ImportedAddress)
        .where(ImportedAddress.import_id == import_id, *which)
        .execution_options(synchronize_session=False)
    )
