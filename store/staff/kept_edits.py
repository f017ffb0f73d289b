"""What somebody typed and has not saved, kept for her until she does, and a sign to the others."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from store.clock import Clock
from store.database import db, insert_into
from store.staff.models import ProductEdit, StaffUser

LASTS = timedelta(days=30)
LIVELY = timedelta(minutes=2)
"""How long after the last keystroke somebody still counts as editing."""
MOST_NEW = 20
NEW = "new-"
OWN_FIELDS = frozenset({"csrf_token", "act"})

Pairs = Sequence[tuple[str, str]]


def keep(about: str, pairs: Pairs, user_id: int, clock: Clock) -> None:
    """Keep a form as it stands, instead of what was kept of it before; flushes only.

    What nobody came back to within LASTS goes.
    """
    db.session.execute(delete(ProductEdit).where(ProductEdit.at < clock.now() - LASTS))
    form = [[name, value] for name, value in pairs if name not in OWN_FIELDS]
    title = next((value for name, value in form if name == "title"), "")[:255]
    row = {"title": title, "form": form, "at": clock.now()}
    db.session.execute(
        insert_into(ProductEdit)
        .values(user_id=user_id, about=about, **row)
        .on_conflict_do_update(index_elements=[ProductEdit.user_id, ProductEdit.about], set_=row)
    )


def kept_of(about: str, user_id: int) -> ProductEdit | None:
    return db.session.scalar(
        select(ProductEdit).where(ProductEdit.about == about, ProductEdit.user_id == user_id)
    )


def kept_new(user_id: int) -> Sequence[ProductEdit]:
    """Return the forms of products that she has not made yet, the last one first."""
    return db.session.scalars(
        select(ProductEdit)
        .where(ProductEdit.user_id == user_id, ProductEdit.about.startswith(NEW))
        .order_by(ProductEdit.at.desc())
        .limit(MOST_NEW)
    ).all()


def forget(about: str, user_id: int) -> None:
    """Forget her unsaved form; flushes only."""
    db.session.execute(
        delete(ProductEdit).where(ProductEdit.about == about, ProductEdit.user_id == user_id)
    )


def forget_all(about: str) -> None:
    """Forget everybody's, as when the product goes; flushes only."""
    db.session.execute(delete(ProductEdit).where(ProductEdit.about == about))


def others_editing(about: str, user_id: int, clock: Clock) -> Sequence[str]:
    """Return who else is typing into the form of this product just now."""
    return db.session.scalars(
        select(StaffUser.name)
        .join(ProductEdit, ProductEdit.user_id == StaffUser.id)
        .where(
            ProductEdit.about == about,
            ProductEdit.user_id != user_id,
            ProductEdit.at > clock.now() - LIVELY,
        )
        .order_by(StaffUser.name)
    ).all()
