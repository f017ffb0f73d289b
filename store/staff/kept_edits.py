"""What somebody typed and has not saved, kept for her until she does, and a sign to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from store.clock import Clock
from store.database import db, insert_into
from store.staff.models import KeptEdit, StaffUser

LASTS = timedelta(days=30)
LIVELY = timedelta(minutes=2)
"""How long after the last keystroke somebody still counts as editing."""
MOST_NEW = 20
LONGEST_KEY = 32
OWN_FIELDS = frozenset({"csrf_token", "act"})

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FormKind:
    """What a form is about: kept forms of one kind are told from others by a prefix."""

    prefix: str = ""

    def of(self, thing_id: int) -> str:
        return f"{self.prefix}{thing_id}"

    def new(self, key: str = "") -> str:
        """Return what a form is about whose thing is not made yet."""
        return f"{self.prefix}new-{key[:LONGEST_KEY]}"


PRODUCT = FormKind()
COLLECTION = FormKind("collection-")
CAMPAIGN = FormKind("campaign-")


def keep(about: str, pairs: Pairs, user_id: int, clock: Clock) -> None:
    """Keep a form as it stands, instead of what was kept of it before; flushes only.

    What nobody came back to within LASTS goes.
    """
    db.session.execute(delete(KeptEdit).where(KeptEdit.at < clock.now() - LASTS))
    form = [[name, value] for name, value in pairs if name not in OWN_FIELDS]
    title = next((value for name, value in form if name == "title"), "")[:255]
    row = {"title": title, "form": form, "at": clock.now()}
    db.session.execute(
        insert_into(KeptEdit)
        .values(user_id=user_id, about=about, **row)
        .on_conflict_do_update(index_elements=[KeptEdit.user_id, KeptEdit.about], set_=row)
    )


def kept_of(about: str, user_id: int) -> KeptEdit | None:
    return db.session.scalar(
        select(KeptEdit).where(KeptEdit.about == about, KeptEdit.user_id == user_id)
    )


def kept_new(kind: FormKind, user_id: int) -> Sequence[KeptEdit]:
    """Return the forms of what she has not made yet, the last one first."""
    return db.session.scalars(
        select(KeptEdit)
        .where(KeptEdit.user_id == user_id, KeptEdit.about.startswith(kind.new()))
        .order_by(KeptEdit.at.desc())
        .limit(MOST_NEW)
    ).all()


def forget(about: str, user_id: int) -> None:
    """Forget her unsaved form; flushes only."""
    db.session.execute(delete(KeptEdit).where(KeptEdit.about == about, KeptEdit.user_id == user_id))


def forget_all(about: str) -> None:
    """Forget everybody's, as when the thing goes; flushes only."""
    db.session.execute(delete(KeptEdit).where(KeptEdit.about == about))


def others_editing(about: str, user_id: int, clock: Clock) -> Sequence[str]:
    """Return who else is typing into the same form just now."""
    return db.session.scalars(
        select(StaffUser.name)
        .join(KeptEdit, KeptEdit.user_id == StaffUser.id)
        .where(
            KeptEdit.about == about,
            KeptEdit.user_id != user_id,
            KeptEdit.at > clock.now() - LIVELY,
        )
        .order_by(StaffUser.name)
    ).all()
