"""Signed links in mails to staff: each lets one person choose a password, once."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from functools import partial

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError
from store.keyed import is_signed, keyed
from store.settings import Settings
from store.staff.models import StaffUser

SIGNATURE_BYTES = 18
"""144 bits: nobody guesses them, and the link still fits on a line of a mail."""
_TOKEN = re.compile(r"([a-z]+)-([0-9a-f]{1,7})-([0-9a-f]{1,9})-([A-Za-z0-9_-]{24})", re.ASCII)


class LinkKind(StrEnum):
    INVITATION = auto()
    PASSWORD = auto()


LASTS: Mapping[LinkKind, timedelta] = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.PASSWORD: timedelta(hours=1),
}


class NoSuchLinkError(NotFoundError):
    """The link is none of ours, was used, has grown too old, or was made void by a newer one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom a link is for, and what it was sent for."""

    user: StaffUser
    kind: LinkKind


def link_for(user: StaffUser, kind: LinkKind, settings: Settings, clock: Clock) -> str:
    """Return the address; it ends when it is used, and with the person's uniquifier."""
    stated = f"{kind}-{user.id:x}-{int(clock.now().timestamp()):x}"
    token = f"{stated}-{_signature(user, stated, settings)}"
    return f"{settings.public_url}/staff/password/{token}"


def opened(token: str, settings: Settings, clock: Clock, *, is_to_be_used: bool = False) -> Opened:
    """Return whom a link is for; raises NoSuchLinkError.

    Inside a writing scope `is_to_be_used` keeps everybody else from using it at the same moment.
    """
    parts = _TOKEN.fullmatch(token)
    if parts is None or parts[1] not in LASTS:
        raise NoSuchLinkError("no link of ours")
    kind, user_id = LinkKind(parts[1]), int(parts[2], 16)
    user = db.session.get(
        StaffUser, user_id, with_for_update=is_to_be_used or None, populate_existing=is_to_be_used
    )
    stated = f"{kind}-{parts[2]}-{parts[3]}"
    made = partial(_signature, user or StaffUser(fs_uniquifier="", password=None), stated)
    if not is_signed(parts[4], made, settings) or user is None or not user.active:
        raise NoSuchLinkError("a link that was used, or made void")
    sent_at = datetime.fromtimestamp(int(parts[3], 16), UTC)
    if clock.now() - sent_at > LASTS[kind]:
        raise NoSuchLinkError("a link that has grown too old")
    return Opened(user, kind)


def _signature(user: StaffUser, stated: str, settings: Settings) -> str:
    # The password is part of it: once one was chosen, no earlier link opens anything.
    secret = f"{stated}:{user.fs_uniquifier}:{user.password or ''}"
    signature = keyed(settings, "staff link", secret)[:SIGNATURE_BYTES]
    return urlsafe_b64encode(signature).decode()
