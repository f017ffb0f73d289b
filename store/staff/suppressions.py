"""Who is not written to, for staff: counts, one address at a time, and what has to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, and_, case, delete, func, select

from store.database import db
from store.errors import NotFoundError
from store.keyed import email_hash_of
from store.newsletter.bounces.models import MailReport, ReportKind
from store.newsletter.bounces.suppressing import LIFTABLE, lift, suppress_by_hand
from store.newsletter.models import Subscriber, Suppression
from store.services import Services
from store.staff.audit import Actor, Thing, history, record
from store.staff.key_set import Part, part_of
from store.staff.models import AuditEntry
from store.staff.suppression_words import WRITTEN_TO

KIND = "suppression"
WEEKS = 8
WEEK = timedelta(weeks=1)
MOST_REPORTS = 20


@dataclass(frozen=True, slots=True)
class Week:
    """One of the last weeks: when it began, and how many addresses came in for each reason."""

    begins_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of one address; reason is empty where it may be written to."""

    email: str
    reason: str
    since: datetime | None
    is_subscriber: bool
    reports: Sequence[MailReport]
    entries: Sequence[AuditEntry]

    @property
    def may_be_lifted(self) -> bool:
        return self.reason in LIFTABLE


def counts_by_reason() -> Mapping[str, int]:
    """Return how many addresses are not written to, by reason."""
    rows = db.session.execute(select(Suppression.reason, func.count()).group_by(Suppression.reason))
    return dict(rows.all())


def last_weeks(now: datetime) -> Sequence[Week]:
    """Return the last weeks, the running one first; each ends where the one above begins."""
    begins = [now - WEEK * (number + 1) for number in range(WEEKS)]
    columns = [
        func.sum(
            case((_is_within(begin), 1), else_=0),
            type_=Integer(),
        )
        for begin in begins
    ]
    rows = db.session.execute(
        select(Suppression.reason, *columns)
        .where(Suppression.at > begins[-1])
        .group_by(Suppression.reason)
    ).all()
    return [
        Week(begin, {row[0]: row[number] for row in rows})
        for number, begin in enumerate(begins, start=1)
    ]


def _is_within(begin: datetime) -> ColumnElement[bool]:
    return and_(Suppression.at > begin, Suppression.at <= begin + WEEK)


def look_up(email: str, services: Services) -> Looked:
    """Return what is known of an address, found by its hash as everything here is."""
    email_hash = email_hash_of(email, services.settings)
    row = db.session.scalar(select(Suppression).where(Suppression.email_hash == email_hash))
    subscriber = select(Subscriber.id).where(Subscriber.email == email.lower())
    reports = db.session.scalars(
        select(MailReport)
        .where(MailReport.email_hash == email_hash)
        .order_by(MailReport.at.desc(), MailReport.id.desc())
        .limit(MOST_REPORTS)
    ).all()
    return Looked(
        email=email,
        reason=row.reason if row else "",
        since=row.at if row else None,
        is_subscriber=db.session.scalar(subscriber) is not None,
        reports=reports,
        entries=history(_thing(email_hash), limit=10),
    )


def add(email: str, words: str, actor: Actor, services: Services) -> bool:
    """Note that staff want nothing written there; False where that was noted. Flushes only."""
    if suppress_by_hand(email, services) is None:
        return False
    found = look_up(email, services)
    _record(
        "suppression.added",
        found,
        (WRITTEN_TO, found.reason),
        words,
        actor=actor,
        services=services,
    )
    return True


def lift_again(email: str, words: str, actor: Actor, services: Services) -> str:
    """Let an address be written to again, and return how it stands now; flushes only.

    Raises NotFoundError and NotLiftableError.
    """
    found = look_up(email, services)
    row_id = db.session.scalar(
        select(Suppression.id).where(
            Suppression.email_hash == email_hash_of(email, services.settings)
        )
    )
    if row_id is None:
        raise NotFoundError("this address is written to")
    lift(row_id)
    after = look_up(email, services).reason or WRITTEN_TO
    _record(
        "suppression.lifted", found, (found.reason, after), words, actor=actor, services=services
    )
    return after


def unclear(cursor: str) -> Part[MailReport]:
    """Return what came back and could not be told, the newest first."""
    wanted = select(MailReport).where(MailReport.kind == ReportKind.UNCLEAR)
    return part_of(wanted, [MailReport.id], cursor, size=20)


def unclear_count() -> int:
    return db.session.scalars(
        select(func.count()).select_from(MailReport).where(MailReport.kind == ReportKind.UNCLEAR)
    ).one()


def put_aside(report_id: int, actor: Actor, services: Services) -> None:
    """Be done with one that somebody has read; raises NotFoundError. Flushes only."""
    gone = db.session.scalar(
        delete(MailReport)
        .where(MailReport.id == report_id, MailReport.kind == ReportKind.UNCLEAR)
        .returning(MailReport.id)
    )
    if gone is None:
        raise NotFoundError(f"no report {report_id} to read")
    record(actor, "mail_report.put_aside", Thing("mail_report", str(gone)), clock=services.clock)


def _record(
    act: str,
    found: Looked,
    moved: tuple[str, str],
    words: str,
    *,
    actor: Actor,
    services: Services,
) -> None:
    before, after = moved
    record(
        actor,
        act,
        # The address itself stands nowhere: whoever is erased leaves a hash.
        _thing(email_hash_of(found.email, services.settings)),
        clock=services.clock,
        before={"state": before, "words": ""},
        after={"state": after, "words": words},
    )


def _thing(email_hash: str) -> Thing:
    return Thing(KIND, email_hash)
