"""Who works here: added, given a role, let go."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from store.clock import Clock
from store.database import db
from store.errors import ConflictError, InvalidError, NotFoundError
from store.mail.outgoing import mailable
from store.mail.recipients import forget_recipient
from store.staff.audit import Actor, Thing, record
from store.staff.models import AuditEntry, StaffSession, StaffUser
from store.staff.roles import Permission, Role, grants
from store.staff.sessions import end_sessions

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
    if person_with(address):
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


def colleagues() -> Sequence[StaffUser]:
    """Return everybody with their passkeys; whoever works here stands before whoever did."""
    return db.session.scalars(
        select(StaffUser)
        .options(selectinload(StaffUser.webauthn))
        .order_by(StaffUser.active.desc(), StaffUser.name, StaffUser.id)
    ).all()


def last_seen() -> Mapping[int, datetime]:
    """Return when each was here last, by their numbers."""
    seen = select(StaffSession.user_id, func.max(StaffSession.seen_at)).group_by(
        StaffSession.user_id
    )
    return dict(db.session.execute(seen).all())


def changes_by(person_id: int) -> tuple[Select[AuditEntry], Sequence[InstrumentedAttribute[int]]]:
    """Return the selection of what somebody changed, and the keys of its order."""
    return select(AuditEntry).where(AuditEntry.actor_id == person_id), [AuditEntry.id]


def person_with(email: str) -> StaffUser | None:
    """Return who has this address, in whatever letters it is written."""
    return db.session.scalar(select(StaffUser).where(func.lower(StaffUser.email) == email.lower()))


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
    if not grants(role, Permission.SEE_ORDERS):
        forget_recipient(person.email)
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
    end_sessions(person.id, clock)
    forget_recipient(person.email)
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
    # Locked, or two owners could let go of each other at the same moment.
    owners = db.session.scalars(
        select(StaffUser.id)
        .where(StaffUser.role == Role.OWNER, StaffUser.active)
        .order_by(StaffUser.id)
        .with_for_update()
    ).all()
    if not set(owners) - {person.id}:
        raise LastOwnerError("somebody must stay who may let others in")
