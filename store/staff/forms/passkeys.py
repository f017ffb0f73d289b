"""Passkeys as Flask-Security checks them: one kind for people, a first factor where it is locked.

A passkey that asked for a finger, a face or a PIN when it was made signs its owner in by itself;
one that did not, such as a plain security key, is a second step after the password. Any of them may
be a second step.
"""

from collections.abc import Sequence
from typing import Any

from flask import session
from flask_babel import gettext as _
from flask_security import UserMixin, WebauthnUtil
from flask_security.webauthn import (
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninResponseForm,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from wtforms import StringField

FIRST, SECOND = "first", "secondary"
"""What Flask-Security calls the uses of a passkey."""
KNOWN_TRANSPORTS = frozenset(AuthenticatorTransport)


class StaffPasskeys(WebauthnUtil):
    """What browsers are asked for."""

    def authenticator_selection(
        self, user: UserMixin, usage: str
    ) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        )

    def authentication_options(
        self, user: UserMixin | None, usage: list[str], existing_options: dict[str, Any]
    ) -> dict[str, Any]:
        if user is not None:
            existing_options["allow_credentials"] = _passkeys_of(user)
        return super().authentication_options(user, usage, existing_options)

    def user_verification(
        self, user: UserMixin | None, usage: list[str]
    ) -> UserVerificationRequirement:
        # By itself it stands for two factors: what somebody has, and what she is or knows.
        if usage == [FIRST]:
            return UserVerificationRequirement.REQUIRED
        return UserVerificationRequirement.DISCOURAGED


class PasskeyNameForm(WebAuthnRegisterForm):
    """What somebody calls a passkey; its use follows from how it is made."""

    usage = StringField(default=SECOND)  # type: ignore[assignment] # nobody chooses


class NewPasskeyForm(WebAuthnRegisterResponseForm):
    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs):
            return False
        self.usage = FIRST if self.registration_verification.user_verified else SECOND
        # Nothing here asks for it, and it comes as long as the browser likes.
        self.extensions = ""
        return True


class PasskeyForm(WebAuthnSigninResponseForm):
    def validate(self, **kwargs: Any) -> bool:
        # As a second step each kind will do, as it does for Flask-Security when it verifies.
        self.is_verify = self.is_verify or self.is_secondary
        if not super().validate(**kwargs):
            return False
        # The first step was somebody's: the second one must be of the same person.
        is_hers = self.user and self.user.fs_uniquifier == session.get("tf_user_id")
        if self.is_secondary and not is_hers:
            self.credential.errors = [_("That passkey is somebody else’s.")]
            return False
        return True


def _passkeys_of(user: UserMixin) -> Sequence[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(name) for name in _known(passkey.transports)]
            or None,
        )
        for passkey in user.webauthn
    ]


def _known(transports: Sequence[str] | None) -> Sequence[str]:
    return [name for name in transports or () if name in KNOWN_TRANSPORTS]
