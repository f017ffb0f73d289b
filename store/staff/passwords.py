"""Passwords chosen and changed: every other way in that the old one had opened is shut."""

import secrets

from store.database import db
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.links import LinkKind, opened
from store.staff.messages import Notice, mail_notice
from store.staff.models import StaffUser
from store.staff.people import thing_of
from store.staff.sessions import end_sessions


def choose_by_link(token: str, password_hash: str, services: Services) -> tuple[int, LinkKind]:
    """Give whom the link is for this password, once; return who it was and why it was sent.

    Ends all her sessions and every other link. Raises NoSuchLinkError. Flushes only.
    """
    link = opened(token, services.settings, services.clock, is_to_be_used=True)
    user = link.user
    is_new_here = user.password is None
    _set(user, password_hash, services)
    user.fs_uniquifier = secrets.token_hex(16)
    end_sessions(user.id, services.clock)
    _note(user, "person.joined" if is_new_here else "person.password_changed", services)
    if not is_new_here:
        mail_notice(user, Notice.PASSWORD_CHANGED, services)
    return user.id, link.kind


def change(user: StaffUser, password_hash: str, here: int, services: Services) -> None:
    """Change one's own password; ends every session but this one. Flushes only."""
    _set(user, password_hash, services)
    end_sessions(user.id, services.clock, but=here)
    _note(user, "person.password_changed", services)
    mail_notice(user, Notice.PASSWORD_CHANGED, services)


def _set(user: StaffUser, password_hash: str, services: Services) -> None:
    user.password, user.password_changed_at = password_hash, services.clock.now()
    db.session.flush()


def _note(user: StaffUser, act: str, services: Services) -> None:
    record(Actor.of(user), act, thing_of(user), clock=services.clock)
