"""Who works here: added, given a role, let go."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select

from store.clock import Clock
from store.database import db
from store.errors import ConflictError, InvalidError, NotFoundError
from store.mail.outgoing import mailable
from store.staff.audit import Actor, Thing, record
from store.staff.models import StaffUser
from store.staff.roles import Role

LONGEST_NAME = 120


class KnownAddressError(ConflictError):
    """Somebody with this address works here already."""


class LastOwnerError(ConflictError):
    """Without an owner nobody could let anybody in."""


class NamelessError(InvalidError):
    """A person needs a name: it stands beside everything that she changes."""


class NoSuchPersonError(NotFoundError):
    """Nobody of this number works here."""


def add_person(
    name: str,
    email: str,
    role: Role,
    *,
    actor: Actor,
    clock: Clock,
    password_hash: str | None = None,
) -> StaffUser:
    """Add somebody; flushes only. Raises KnownAddressError, NamelessError, UnmailableError."""
    known_as, address = " ".join(name.split())[:LONGEST_NAME], mailable(email).lower()
    if not known_as:
        raise NamelessError("a person needs a name")
    if db.session.scalar(select(StaffUser.id).where(func.lower(StaffUser.email) == address)):
        raise KnownAddressError("somebody with this address works here already")
    person = StaffUser(
        name=known_as,
        email=address,
        role=role,
        password=password_hash,
        fs_uniquifier=secrets.token_hex(16),
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    record(
        actor,
        "person.added",
        thing_of(person),
        clock=clock,
        after={"name": person.name, "email": person.email, "role": str(role)},
    )
    return person


def everybody() -> Sequence[StaffUser]:
    return db.session.scalars(select(StaffUser).order_by(StaffUser.name, StaffUser.id)).all()


def person_of(person_id: int) -> StaffUser:
    person = db.session.get(StaffUser, person_id)
    if person is None:
        raise NoSuchPersonError(f"nobody has number {person_id}")
    return person


def give_role(person: StaffUser, role: Role, *, actor: Actor, clock: Clock) -> None:
    """Change what somebody may do; raises LastOwnerError. Flushes only."""
    if person.role == Role.OWNER and role != Role.OWNER:
        _want_another_owner(person)
    before, person.role = person.role, role
    db.session.flush()
    record(
        actor,
        "person.role_given",
        thing_of(person),
        clock=clock,
        before={"role": str(before)},
        after={"role": str(role)},
    )


def let_go(person: StaffUser, *, actor: Actor, clock: Clock) -> None:
    """End somebody's access and every session of hers; raises LastOwnerError. Flushes only."""
    if person.role == Role.OWNER:
        _want_another_owner(person)
    _set_active(person, actor, clock, is_active=False)
    person.fs_uniquifier = secrets.token_hex(16)
    db.session.flush()


def take_back_on(person: StaffUser, *, actor: Actor, clock: Clock) -> None:
    """Let somebody in again; flushes only."""
    _set_active(person, actor, clock, is_active=True)


def thing_of(person: StaffUser) -> Thing:
    return Thing("person", str(person.id), person.name)


def _set_active(person: StaffUser, actor: Actor, clock: Clock, *, is_active: bool) -> None:
    before, person.active = person.active, is_active
    db.session.flush()
    record(
        actor,
        "person.taken_on" if is_active else "person.let_go",
        thing_of(person),
        clock=clock,
        before={"active": before},
        after={"active": is_active},
    )


def _want_another_owner(person: StaffUser) -> None:
    others = db.session.scalar(
        select(func.count()).where(
            StaffUser.role == Role.OWNER, StaffUser.active, StaffUser.id != person.id
        )
    )
    if not others:
        raise LastOwnerError("somebody must stay who may let others in")
