"""What somebody proves herself with beside her password: set up, taken away, and written down."""

from collections.abc import Sequence

from store.clock import Clock
from store.database import db
from store.errors import NotFoundError
from store.settings import Settings
from store.staff.audit import Actor, Values, record
from store.staff.codes import make_recovery_codes
from store.staff.models import Passkey, StaffUser
from store.staff.people import thing_of
from store.staff.sessions import forget_factors

APP = "authenticator"
"""What Flask-Security calls an authenticator app."""


class NoSuchPasskeyError(NotFoundError):
    """This person has no passkey of this number."""


def set_app(user: StaffUser, secret: str, step: int, clock: Clock) -> None:
    """Take the codes of an app from now on; step is that of the code just typed. Flushes only."""
    user.tf_primary_method, user.tf_totp_secret, user.totp_counter = APP, secret, step
    _note(user, "person.app_set_up", clock, after={"app": True})


def remove_app(user: StaffUser, clock: Clock) -> None:
    """Take no more codes of an app; flushes only."""
    user.tf_primary_method = user.tf_totp_secret = user.totp_counter = None
    _note(user, "person.app_removed", clock, before={"app": True})
    _forget_the_rest_without_factor(user)


def remove_passkey(user: StaffUser, passkey_id: int, clock: Clock) -> str:
    """Forget one passkey and return its name; raises NoSuchPasskeyError. Flushes only."""
    passkey = db.session.get(Passkey, passkey_id)
    if passkey is None or passkey.user_id != user.id:
        raise NoSuchPasskeyError(f"no passkey {passkey_id} of this person")
    name = passkey.name
    user.webauthn.remove(passkey)
    _note(user, "person.passkey_removed", clock, before={"passkey": name})
    _forget_the_rest_without_factor(user)
    return name


def note_passkey(user: StaffUser, name: str, clock: Clock) -> None:
    """Write down that a passkey was added; flushes only."""
    _note(user, "person.passkey_added", clock, after={"passkey": name})


def renew_codes(user: StaffUser, settings: Settings, clock: Clock) -> Sequence[str]:
    """Make new recovery codes and return them, for once; flushes only."""
    made = make_recovery_codes(user, settings)
    _note(user, "person.codes_made", clock)
    return made


def remove_all(user: StaffUser, *, actor: Actor, clock: Clock) -> None:
    """Take every second factor from somebody who lost them; flushes only."""
    had = {"app": user.has_app, "passkeys": [passkey.name for passkey in user.webauthn]}
    user.tf_primary_method = user.tf_totp_secret = user.totp_counter = None
    user.webauthn.clear()
    user.mf_recovery_codes = None
    db.session.flush()
    forget_factors(user.id)
    now: Values = {"app": False, "passkeys": []}
    record(actor, "person.factors_removed", thing_of(user), clock=clock, before=had, after=now)


def _note(
    user: StaffUser,
    act: str,
    clock: Clock,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    db.session.flush()
    record(Actor.of(user), act, thing_of(user), clock=clock, before=before, after=after)


def _forget_the_rest_without_factor(user: StaffUser) -> None:
    if not user.has_second_factor:
        user.mf_recovery_codes = None
        db.session.flush()
        forget_factors(user.id)
