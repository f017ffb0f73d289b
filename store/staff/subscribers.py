"""Subscribers at the desk: how many there are, who is found, what is kept of one, what is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, select

from store.catalog.exporting import safe_cells
from store.database import db
from store.errors import NotFoundError
from store.keyed import email_hash_of
from store.mail.outgoing import UnmailableError, mailable
from store.newsletter.campaigns.models import Campaign, Delivery
from store.newsletter.models import (
    ConsentEntry,
    ConsentKind,
    ConsentWording,
    Purpose,
    Subscriber,
    SubscriberState,
    Suppression,
)
from store.newsletter.topics import Topic
from store.services import Services
from store.settings import Settings
from store.staff.key_set import Part, part_of

LONGEST_SEARCH = 320
WEEKS = 12
DELIVERIES_SHOWN = 50


class NoSuchSubscriberError(NotFoundError):
    """Nobody of this number is on any list."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Whom a list shows; None shows all."""

    state: SubscriberState | None = None
    topic: Topic | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand where; topics and sources are of those who are on the list."""

    states: Mapping[str, int]
    topics: Mapping[str, int]
    sources: Mapping[str, int]
    paused: int
    suppressed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Week:
    """What one week brought; it begins at midnight of its first day."""

    begins: date
    confirmed: int
    left: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept under the keyed hash of an address, whether or not it is on the list."""

    suppression: Suppression | None
    steps: Sequence[tuple[ConsentEntry, str | None]]


def counts(now: datetime) -> Counts:
    """Count everybody in one look at the table."""
    wants = [_wants(topic) for topic in Topic]
    sums = [func.sum(case((wanted, 1), else_=0)) for wanted in wants]
    paused = func.sum(case((Subscriber.paused_until > now, 1), else_=0))
    rows = db.session.execute(
        select(Subscriber.state, Subscriber.source, func.count(), paused, *sums).group_by(
            Subscriber.state, Subscriber.source
        )
    ).all()
    states, sources = dict[str, int](), dict[str, int]()
    topics, resting = {str(topic): 0 for topic in Topic}, 0
    for state, source, number, paused_here, *by_topic in rows:
        states[state] = states.get(state, 0) + number
        if state != SubscriberState.CONFIRMED:
            continue
        sources[source] = sources.get(source, 0) + number
        resting += int(paused_here)
        for topic, wanted in zip(topics, by_topic, strict=True):
            topics[topic] += int(wanted)
    by_reason = select(Suppression.reason, func.count()).group_by(Suppression.reason)
    return Counts(states, topics, sources, resting, dict(db.session.execute(by_reason).all()))


def weeks(now: datetime, settings: Settings) -> Sequence[Week]:
    """Return what came and went by week, the newest first; people who were erased since count."""
    today = now.astimezone(settings.zone).date()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - timedelta(weeks=back) for back in range(WEEKS)]
    edges = [datetime(d.year, d.month, d.day, tzinfo=settings.zone) for d in firsts]
    which = case(*((ConsentEntry.at >= edge, back) for back, edge in enumerate(edges)), else_=WEEKS)
    rows = db.session.execute(
        select(which, ConsentEntry.kind, func.count())
        .where(
            ConsentEntry.purpose == Purpose.NEWSLETTER,
            ConsentEntry.at >= edges[-1],
            ConsentEntry.kind.in_([ConsentKind.CONFIRMED, ConsentKind.LEFT]),
        )
        .group_by(which, ConsentEntry.kind)
    )
    found = {(back, kind): number for back, kind, number in rows}
    return [
        Week(
            first,
            found.get((back, ConsentKind.CONFIRMED.value), 0),
            found.get((back, ConsentKind.LEFT.value), 0),
        )
        for back, first in enumerate(firsts)
    ]


def listed(narrowed: Narrowed, cursor: str) -> Part[Subscriber]:
    """Return a part of the list, the last asked for first."""
    return part_of(_selected(narrowed), [Subscriber.id], cursor)


def address_of(typed: str) -> str:
    """Return what was typed as addresses are kept, or nothing where it is none."""
    try:
        return mailable(typed[:LONGEST_SEARCH]).lower()
    except UnmailableError:
        return ""


def subscriber_at(email: str) -> Subscriber | None:
    return db.session.scalar(select(Subscriber).where(Subscriber.email == email))


def subscriber_of(subscriber_id: int) -> Subscriber:
    found = db.session.get(Subscriber, subscriber_id)
    if found is None:
        raise NoSuchSubscriberError(f"no subscriber {subscriber_id}")
    return found


def kept_under(email: str, services: Services) -> Kept:
    """Return every step of a consent, the first on top, and whether nothing is sent there."""
    email_hash = email_hash_of(email, services.settings)
    silent = select(Suppression).where(Suppression.email_hash == email_hash)
    rows = db.session.execute(
        select(ConsentEntry, ConsentWording.text)
        .outerjoin(ConsentWording, ConsentWording.text_hash == ConsentEntry.wording_hash)
        .where(ConsentEntry.email_hash == email_hash)
        .order_by(ConsentEntry.at, ConsentEntry.id)
    )
    return Kept(db.session.scalar(silent), [(entry, words) for entry, words in rows])


def deliveries_to(subscriber: Subscriber) -> Sequence[tuple[Campaign, Delivery]]:
    """Return the mails to many that went to one, the newest first."""
    rows = db.session.execute(
        select(Campaign, Delivery)
        .join(Delivery, Delivery.campaign_id == Campaign.id)
        .where(Delivery.subscriber_id == subscriber.id)
        .order_by(Delivery.id.desc())
        .limit(DELIVERIES_SHOWN)
    )
    return [(campaign, delivery) for campaign, delivery in rows]


def table_rows(narrowed: Narrowed) -> Iterator[list[str]]:
    """Return addresses for a spreadsheet; no cell is a formula."""
    yield ["email", "state", "topics", "asked", "confirmed", "left", "source", "section"]
    for one in db.session.scalars(_selected(narrowed).order_by(Subscriber.id)):
        moments = [one.asked_at, one.confirmed_at, one.left_at]
        written = [moment.isoformat() if moment else "" for moment in moments]
        yield safe_cells(
            [one.email, one.state, " ".join(one.topics), *written, one.source, one.section]
        )


def _selected(narrowed: Narrowed) -> Select[Subscriber]:
    wanted = select(Subscriber)
    if narrowed.state is not None:
        wanted = wanted.where(Subscriber.state == narrowed.state)
    if narrowed.topic is not None:
        wanted = wanted.where(_wants(narrowed.topic))
    if narrowed.source:
        wanted = wanted.where(Subscriber.source == narrowed.source)
    return wanted


def _wants(topic: Topic) -> ColumnElement[bool]:
    """Say whether a row names this topic: a list of few words is kept as JSON on both databases."""
    return cast(Subscriber.topics, Text).contains(f'"{topic}"', autoescape=True)
