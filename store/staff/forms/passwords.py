"""Passwords as people type them: compared, judged, and hashed by Flask-Security."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import hash_password, verify_password
from wtforms import Form, PasswordField

from store.mail.letterhead import branded
from store.staff.forms.second_factor import security
from store.staff.models import StaffUser
from store.staff.password_rules import LONGEST, Fault, fault_in, likely_words
from store.web.doors import services

FAULTS: Mapping[Fault, LazyString] = {
    Fault.TOO_SHORT: _l("That is too short: at least 12 characters."),
    Fault.TOO_LONG: _l("That is too long: at most 1,000 characters."),
    Fault.REPEATED: _l("That is a few signs again and again. Four or five words are stronger."),
    Fault.LEAKED: _l(
        "That one, or nearly that one, stands on lists of passwords that were taken from other"
        " sites, and those are tried first. Four or five words that have nothing to do with each"
        " other are stronger, and easier to keep."
    ),
    Fault.EXPECTED: _l(
        "That is little but words that anybody would try here: of this shop, of your name or"
        " address, or of the calendar. Add a few words that have nothing to do with them."
    ),
}


class NewPasswordForm(Form):
    """A password to be, typed twice; nothing of it is ever sent back."""

    password = PasswordField()
    again = PasswordField()

    def is_good_for(self, user: StaffUser) -> bool:
        """Say beside the field what is the matter; no kinds of signs are asked for."""
        typed, again = self.password.data or "", self.again.data or ""
        fault = fault_of(typed, user)
        if fault is not None:
            self.password.errors = [str(FAULTS[fault])]
        elif typed != again:
            self.again.errors = [_("The two are not the same.")]
        return not (self.password.errors or self.again.errors)

    def to_hash(self) -> str:
        """Return what is stored; it takes its time, so call it outside `writing()`."""
        return hashed(self.password.data or "")


class ChangePasswordForm(NewPasswordForm):
    old_password = PasswordField()

    @property
    def old(self) -> str:
        return (self.old_password.data or "")[:LONGEST]


def fault_of(password: str, user: StaffUser | None) -> Fault | None:
    """Return what is the matter with a password that somebody would have here."""
    settings = services().settings
    # What is in print and what the environment says: either may be on a guesser's mind.
    words = likely_words(settings, user) | likely_words(branded(settings), None)
    return fault_in(password, words)


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    return str(hash_password(_normal(password)))


def is_password_of(user: StaffUser, typed: str) -> bool:
    """Compare; takes its time, so call it outside `writing()`."""
    stored = user.password
    return stored is not None and bool(verify_password(_normal(typed), stored))


def _normal(password: str) -> str:
    return str(security().password_util.normalize(password))
