"""Somebody new is asked in by mail, and comes in by a link that is good once."""

import secrets
from datetime import datetime

from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.links import LASTS, LinkKind
from store.staff.messages import mail_invitation
from store.staff.models import StaffUser
from store.staff.people import add_person, thing_of
from store.staff.roles import Role


class AlreadyHereError(ConflictError):
    """She has a password, so she came in before; or she was let go."""


def invite(name: str, email: str, role: Role, actor: Actor, services: Services) -> StaffUser:
    """Add somebody and send the link; flushes only.

    Raises KnownAddressError, NamelessError and UnmailableError.
    """
    user = add_person(name, email, role, actor=actor, clock=services.clock)
    _send(user, actor, services)
    return user


def invite_again(user: StaffUser, actor: Actor, services: Services) -> None:
    """Send a new link and make the last one void; raises AlreadyHereError. Flushes only."""
    if user.password is not None or not user.active:
        raise AlreadyHereError("nobody is invited twice who came in, or was let go")
    user.fs_uniquifier = secrets.token_hex(16)
    record(actor, "person.invited_again", thing_of(user), clock=services.clock)
    _send(user, actor, services)


def invited_until(user: StaffUser) -> datetime | None:
    """Return when the newest invitation ends; None where nobody was invited or she came in."""
    if user.password is not None or user.invited_at is None:
        return None
    return user.invited_at + LASTS[LinkKind.INVITATION]


def is_invitation_over(user: StaffUser, clock: Clock) -> bool:
    until = invited_until(user)
    return until is not None and until < clock.now()


def _send(user: StaffUser, actor: Actor, services: Services) -> None:
    user.invited_at = services.clock.now()
    db.session.flush()
    mail_invitation(user, actor.name, services)
