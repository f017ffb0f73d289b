"""Passwords as people type them: compared, judged, and hashed by Flask-Security."""

from flask_babel import gettext as _
from flask_security import hash_password, verify_password
from wtforms import Form, PasswordField

from store.staff.forms.second_factor import security
from store.staff.models import StaffUser

SHORTEST, LONGEST = 12, 1000


class NewPasswordForm(Form):
    """A password to be, typed twice."""

    password = PasswordField()
    again = PasswordField()

    def validate(self, extra_validators: object = None) -> bool:
        """Say beside the field what is the matter; nothing but length is asked for."""
        typed, again = self.password.data or "", self.again.data or ""
        if not SHORTEST <= len(typed) <= LONGEST:
            words = _("That is too long.") if len(typed) > LONGEST else _("That is too short.")
            self.password.errors = [words]
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


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    return str(hash_password(_normal(password)))


def is_password_of(user: StaffUser, typed: str) -> bool:
    """Compare; takes its time, so call it outside `writing()`."""
    stored = user.password
    return stored is not None and bool(verify_password(_normal(typed), stored))


def _normal(password: str) -> str:
    return str(security().password_util.normalize(password))
