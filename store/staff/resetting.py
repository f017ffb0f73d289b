"""Somebody lost everything: the second factors go, and one link lets them begin again."""

import secrets

from store.errors import ConflictError
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.links import LinkKind, link_for
from store.staff.messages import Notice, mail_notice
from store.staff.models import StaffUser
from store.staff.people import thing_of
from store.staff.second_factors import remove_all
from store.staff.sessions import end_sessions


class LetGoError(ConflictError):
    """This person does not work here any more."""


def begin_again(user: StaffUser, actor: Actor, services: Services) -> str:
    """Take away second factors and sessions, and return the link; it is good once.

    Raises LetGoError. Flushes only.
    """
    if not user.active:
        raise LetGoError("that person was let go; take them back on first")
    had_factor = user.has_second_factor
    remove_all(user, actor=actor, clock=services.clock)
    # Every earlier link is void with it.
    user.fs_uniquifier = secrets.token_hex(16)
    end_sessions(user.id, services.clock)
    record(actor, "person.reset", thing_of(user), clock=services.clock)
    if had_factor:
        mail_notice(user, Notice.FACTORS_REMOVED, services)
    return link_for(user, LinkKind.PASSWORD, services.settings, services.clock)
