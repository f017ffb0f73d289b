"""What readers sent: tips to the newsroom, and addresses that asked for the newsletter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from store.catalog.exporting import safe_cells
from store.database import db
from store.errors import NotFoundError
from store.newsletter.models import ConsentEntry, Subscriber, SubscriberState
from store.staff.key_set import Part, part_of
from store.tips.models import Tip, TipFile

LONGEST_SEARCH = 320


class NoSuchSubscriberError(NotFoundError):
    """Nobody of this number is on any list."""


@dataclass(frozen=True, slots=True)
class FileNote:
    """A tip's file without its bytes."""

    name: str
    media_type: str
    size_bytes: int


def tips(cursor: str, *, waiting_only: bool) -> Part[Tip]:
    """Return tips, the newest first."""
    wanted = select(Tip)
    if waiting_only:
        wanted = wanted.where(Tip.handled_at.is_(None))
    return part_of(wanted, [Tip.at, Tip.id], cursor, size=30)


def waiting_tips() -> int:
    return db.session.scalars(
        select(func.count()).select_from(Tip).where(Tip.handled_at.is_(None))
    ).one()


def files_of(tip_ids: Sequence[int]) -> dict[int, FileNote]:
    """Return which of these tips brought a file."""
    rows = db.session.execute(
        select(TipFile.tip_id, TipFile.name, TipFile.media_type, TipFile.size_bytes).where(
            TipFile.tip_id.in_(tip_ids)
        )
    )
    return {row.tip_id: FileNote(row.name, row.media_type, row.size_bytes) for row in rows}


def file_of(tip_id: int) -> TipFile:
    file = db.session.get(TipFile, tip_id)
    if file is None:
        raise NotFoundError(f"tip {tip_id} brought no file")
    return file


def subscribers(cursor: str, state: SubscriberState | None, search: str) -> Part[Subscriber]:
    """Return addresses, the last asked for first."""
    return part_of(_subscribers(state, search), [Subscriber.id], cursor)


def subscriber_of(subscriber_id: int) -> Subscriber:
    subscriber = db.session.get(Subscriber, subscriber_id)
    if subscriber is None:
        raise NoSuchSubscriberError(f"no subscriber {subscriber_id}")
    return subscriber


def consent_of(email_hash: str) -> Sequence[ConsentEntry]:
    """Return every step of a person's consent, the first on top."""
    return db.session.scalars(
        select(ConsentEntry)
        .where(ConsentEntry.email_hash == email_hash)
        .order_by(ConsentEntry.at, ConsentEntry.id)
    ).all()


def subscriber_counts() -> dict[str, int]:
    rows = db.session.execute(select(Subscriber.state, func.count()).group_by(Subscriber.state))
    return dict(rows.all())


def subscriber_rows(state: SubscriberState | None) -> Iterator[list[str]]:
    """Return addresses for a spreadsheet; no cell is a formula."""
    yield ["email", "state", "asked", "confirmed", "left", "source", "section"]
    wanted = _subscribers(state, "").order_by(Subscriber.id)
    for one in db.session.scalars(wanted):
        moments = [one.asked_at, one.confirmed_at, one.left_at]
        written = [moment.isoformat() if moment else "" for moment in moments]
        yield safe_cells([one.email, one.state, *written, one.source, one.section])


def _subscribers(state: SubscriberState | None, search: str) -> Select[Subscriber]:
    wanted = select(Subscriber)
    if state is not None:
        wanted = wanted.where(Subscriber.state == state)
    if search:
        text = search.strip().lower()[:LONGEST_SEARCH]
        wanted = wanted.where(Subscriber.email.startswith(text, autoescape=True))
    return wanted
