"""What readers sent to the newsroom."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from store.database import db
from store.errors import NotFoundError
from store.staff.key_set import Part, part_of
from store.tips.models import Tip, TipFile


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
