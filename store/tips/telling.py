"""Takes a tip: keeps it for a while, and mails it to the newsroom."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from store.clock import Clock
from store.database import db, writing
from store.errors import NotFoundError
from store.services import Services
from store.tips.files import GivenFile
from store.tips.messages import mail_tip
from store.tips.models import Tip, TipFile

KEPT = timedelta(days=180)
"""As long as the words of the mail that carried it."""


class NoSuchTipError(NotFoundError):
    """No tip has this number, or it was forgotten."""


@dataclass(frozen=True, slots=True)
class NewTip:
    """What the newsroom is told; nothing but its own words says who told it."""

    message: str
    contact: str = ""
    story: str = ""
    file: GivenFile | None = None


def tell(new: NewTip, services: Services) -> int:
    """Write the tip and its mail; return its id. Flushes only."""
    tip = Tip(message=new.message, contact=new.contact, story=new.story, at=services.clock.now())
    db.session.add(tip)
    db.session.flush()
    if new.file is not None:
        _keep(new.file, tip.id)
    mail_tip(tip, new.file, services)
    return tip.id


def take_up(tip_id: int, clock: Clock, *, is_handled: bool) -> None:
    """Mark a tip as taken up, or as waiting again; flushes only."""
    tip_of(tip_id).handled_at = clock.now() if is_handled else None
    db.session.flush()


def tip_of(tip_id: int) -> Tip:
    """Return one tip; raises NoSuchTipError."""
    tip = db.session.get(Tip, tip_id)
    if tip is None:
        raise NoSuchTipError(f"no tip {tip_id}")
    return tip


def forget_tip(tip_id: int) -> None:
    """Delete a tip and its file now; flushes only. Raises NoSuchTipError."""
    db.session.delete(tip_of(tip_id))
    db.session.flush()


def forget_old_tips(clock: Clock) -> None:
    """Delete tips and their files that are old enough; opens a transaction of its own."""
    with writing():
        db.session.execute(
            delete(Tip)
            .where(Tip.at < clock.now() - KEPT)
            .execution_options(synchronize_session=False)
        )


def _keep(file: GivenFile, tip_id: int) -> None:
    db.session.add(
        TipFile(
            tip_id=tip_id,
            name=file.name,
            media_type=file.media_type,
            size_bytes=len(file.content),
            content=file.content,
        )
    )
