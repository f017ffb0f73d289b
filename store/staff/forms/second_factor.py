"""Codes of a second factor as Flask-Security is given them: read, checked, and spent."""

from typing import Any, cast

from flask import current_app
from flask_babel import gettext as _
from flask_security import Security, Totp, UserMixin
from flask_security.forms import Form, LoginForm, TwoFactorVerifyCodeForm
from wtforms import RadioField

from store.staff.codes import is_of_an_app, plain, spend_recovery_code, spend_step
from store.staff.models import StaffUser
from store.web.doors import services

WINDOW_SECONDS = 30
"""How far a telephone's clock may be off: one code back, one ahead."""


class StaffTotp(Totp):
    """Asks the store's clock, and takes no code twice."""

    def __init__(self, secrets: dict[str, str] | dict[int, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        # The key is 256 bits of a keyed hash: stretching it would only make everybody wait.
        self._totp.wallet.encrypt_cost = 4

    def verify_totp(
        self, token: str, totp_secret: str, user: UserMixin, window: int = WINDOW_SECONDS
    ) -> bool:
        step = self.step_of(token, totp_secret)
        return step is not None and spend_step(user.id, step)

    def step_of(self, code: str, totp_secret: str) -> int | None:
        """Return the step of time that this code is of; None where it is wrong."""
        now = services().clock.now()
        try:
            found = self._totp.verify(code, totp_secret, time=now, window=WINDOW_SECONDS)
        except ValueError:
            # Whatever is the matter with it, it is no code of this secret and this time.
            return None
        return cast(int, found.counter)


class SecondStepForm(TwoFactorVerifyCodeForm):
    """The second step of signing in: one field takes the app's codes and recovery codes."""

    def validate(self, **kwargs: Any) -> bool:
        if not Form.validate(self, **kwargs):
            return False
        if takes_code(cast(StaffUser, self.user), str(self.code.data)):
            return True
        self.code.errors = [_("That code is wrong, or was used before.")]
        return False


class SignInForm(LoginForm):
    """The first step; nobody is remembered beyond her session, which its owner sees and ends."""

    remember = None  # type: ignore[assignment] # WTForms' way to leave a field out


class NoRescueForm(Form):
    """What Flask-Security would offer beside its codes; nothing of it is offered here."""

    help_setup = RadioField(choices=[])


def security() -> Security:
    found: Security = current_app.extensions["security"]
    return found


def totp() -> StaffTotp:
    return cast(StaffTotp, security().totp_factory)


def takes_code(user: StaffUser, typed: str) -> bool:
    """Spend this code of hers, of whichever kind it is; call it inside `writing()`."""
    if is_of_an_app(typed):
        secret = user.tf_totp_secret if user.has_app else None
        return secret is not None and totp().verify_totp(plain(typed), secret, user)
    return spend_recovery_code(user.id, typed, services().settings)
