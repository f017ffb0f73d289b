"""Codes of a second factor are good once: steps of an app, and recovery codes."""

import secrets
from collections.abc import Sequence

from sqlalchemy import or_, update

from store.database import db
from store.keyed import kept_hash
from store.settings import Settings
from store.staff.models import StaffUser

CODES = 10
FEW = 3
"""From here on a person is told to make new ones."""
APP_DIGITS = 6
# pragma: allowlist nextline secret - the signs of which codes are made
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing in it is mistaken for something else on paper."""
GROUPS, GROUP_LENGTH = 3, 4


def spend_step(user_id: int, step: int) -> bool:
    """Take the code of one step of time; False when it or a later one was taken. Flushes only."""
    taken = db.session.scalar(
        update(StaffUser)
        .where(
            StaffUser.id == user_id,
            or_(StaffUser.totp_counter.is_(None), StaffUser.totp_counter < step),
        )
        .values(totp_counter=step)
        .returning(StaffUser.id)
    )
    return taken is not None


def make_recovery_codes(user: StaffUser, settings: Settings) -> Sequence[str]:
    """Return new codes, whose hashes alone are kept; all earlier ones end. Flushes only."""
    codes = [_new_code() for _ in range(CODES)]
    user.mf_recovery_codes = [_hash_of(user.id, code, settings) for code in codes]
    db.session.flush()
    return codes


def spend_recovery_code(user_id: int, typed: str, settings: Settings) -> bool:
    """Take a recovery code; False when it is none of this person's. Flushes only."""
    user = db.session.get(StaffUser, user_id, with_for_update=True, populate_existing=True)
    spent = _hash_of(user_id, typed, settings)
    if user is None or spent not in (user.mf_recovery_codes or []):
        return False
    user.mf_recovery_codes = [code for code in user.mf_recovery_codes or [] if code != spent]
    db.session.flush()
    return True


def codes_left(user: StaffUser) -> int:
    return len(user.mf_recovery_codes or [])


def plain(typed: str) -> str:
    """Return a code without what people put between its signs."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def is_of_an_app(typed: str) -> bool:
    code = plain(typed)
    return len(code) == APP_DIGITS and code.isascii() and code.isdigit()


def _new_code() -> str:
    signs = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH)]
    groups = [signs[at : at + GROUP_LENGTH] for at in range(0, len(signs), GROUP_LENGTH)]
    return "-".join("".join(group) for group in groups)


def _hash_of(user_id: int, code: str, settings: Settings) -> str:
    return kept_hash(settings, "recovery code", f"{user_id}:{plain(code)}").hex()
