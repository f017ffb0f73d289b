"""The mails that staff get about their own sign-in; their subjects tell other readers nothing."""

from collections.abc import Mapping
from enum import StrEnum, auto

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.rendering import Rendered, render
from store.services import Services
from store.staff.links import LASTS, LinkKind, link_for
from store.staff.models import StaffUser


class Notice(StrEnum):
    """What somebody is told of, so that she can say when it was not her."""

    PASSWORD_CHANGED = auto()
    APP_SET_UP = auto()
    APP_REMOVED = auto()
    PASSKEY_ADDED = auto()
    PASSKEY_REMOVED = auto()
    FACTORS_REMOVED = auto()


WORDS: Mapping[Notice, LazyString] = {
    Notice.PASSWORD_CHANGED: _l("Your password was changed. All other browsers are signed out."),
    Notice.APP_SET_UP: _l("An authenticator app was set up as your second factor."),
    Notice.APP_REMOVED: _l("Your authenticator app was removed: its codes are not asked for."),
    Notice.PASSKEY_ADDED: _l("A passkey was added to your account."),
    Notice.PASSKEY_REMOVED: _l("A passkey was removed from your account."),
    Notice.FACTORS_REMOVED: _l(
        "Your second factors were removed, so that you can set up new ones. Your password is asked"
        " for as before."
    ),
}


def mail_invitation(user: StaffUser, inviter: str, services: Services) -> None:
    """Send the link by which somebody new chooses a password."""
    settings, clock = branded(services.settings), services.clock
    rendered = render(
        "staff/invitation",
        settings=settings,
        name=user.name,
        inviter=inviter,
        link=link_for(user, LinkKind.INVITATION, settings, clock),
        until=clock.now() + LASTS[LinkKind.INVITATION],
    )
    _mail(user, rendered, f"invitation:{int(clock.now().timestamp())}", services)


def mail_new_password(user: StaffUser, cause: int, services: Services) -> None:
    """Send the link by which somebody who forgot it chooses a new password."""
    settings = branded(services.settings)
    rendered = render(
        "staff/new_password",
        settings=settings,
        name=user.name,
        link=link_for(user, LinkKind.PASSWORD, settings, services.clock),
    )
    _mail(user, rendered, f"new_password:{cause}", services)


def mail_notice(user: StaffUser, notice: Notice, services: Services) -> None:
    """Tell somebody what changed about her sign-in."""
    rendered = render(
        "staff/notice",
        settings=branded(services.settings),
        name=user.name,
        what=WORDS[notice],
        at=services.clock.now(),
    )
    _mail(user, rendered, f"{notice}:{services.clock.now().timestamp()}", services)


def _mail(user: StaffUser, rendered: Rendered, cause: str, services: Services) -> None:
    write_mail(
        rendered,
        recipient=user.email,
        dedupe_key=f"staff:{user.id}:{cause}"[:160],
        kind=f"staff.{cause.partition(':')[0]}",
        clock=services.clock,
        settings=services.settings,
    )
