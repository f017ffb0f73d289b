"""People who work at a shop under test, what they sign in with, and their browsers."""

import hmac
import re
import struct
import time
from base64 import b32decode
from dataclasses import dataclass
from functools import cache
from itertools import count

from flask.testing import FlaskClient
from flask_security import hash_password

from store.app import STAFF
from store.clock import Clock
from store.database import db, writing
from store.staff.forms.second_factor import totp
from store.staff.models import StaffUser
from store.staff.roles import Role
from store.staff.second_factors import set_app
from store.staff.sessions import Proof, begin_session
from store.staff.sign_in import TOKEN
from tests.beginning import Beginning
from tests.shop import Shop

PASSWORD = "a long enough password"
STEP_SECONDS = 30

_numbers = count(1)


def a_member(
    clock: Clock, *, role: Role = Role.OWNER, name: str = "", password: str | None = None
) -> StaffUser:
    """Add somebody who works here; call it inside `writing()`."""
    number = next(_numbers)
    user = StaffUser(
        email=f"staff-{number}@example.org",
        name=name or f"Staff {number}",
        role=role,
        password=password,
        fs_uniquifier=f"uniquifier-{number}",
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def a_browser(shop: Shop) -> FlaskClient:
    """Return a browser that says, as all do today, that its posts come from our own pages."""
    browser = shop.browser()
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return browser


def token_of(browser: FlaskClient, path: str) -> str:
    """Return the forgery token of a page's forms."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(path).text)
    assert found, path
    return found[1]


@dataclass(frozen=True, slots=True)
class App:
    """Somebody's authenticator app."""

    key: str
    clock: Clock

    def code(self, *, steps_later: int = 0) -> str:
        """Return what it shows: RFC 6238, in six lines."""
        step = int(self.clock.now().timestamp()) // STEP_SECONDS + steps_later
        digest = hmac.digest(b32decode(self.key), struct.pack(">Q", step), "sha1")
        at = digest[-1] & 15
        number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a password, and an app where she set one up."""

    id: int
    email: str
    app: App


def a_colleague(shop: Shop, *, role: Role = Role.OWNER, has_app: bool = False) -> Colleague:
    """Add somebody who signs in as people do."""
    staff = shop.app.extensions[STAFF].app
    # A hash takes its time by design, in each sign-in of each test: here the least of argon2id.
    staff.extensions["security"].pwd_context.update(argon2__memory_cost=8, argon2__time_cost=1)
    with staff.app_context():
        hashed, secret = _hashed(), totp().generate_totp_secret()
        key = totp().get_totp_b32_key(secret)
        with writing():
            user = a_member(shop.clock, role=role, password=hashed)
            if has_app:
                set_app(user, secret, 0, shop.clock)
            return Colleague(user.id, user.email, App(key, shop.clock))


@cache
def _hashed() -> str:
    """Hash the password of them all once."""
    return str(hash_password(PASSWORD))


def at_the_desk(
    shop: Shop, *, role: Role = Role.OWNER, begin: Beginning | None = None
) -> FlaskClient:
    """Return the browser of somebody who is signed in, with two factors just now."""
    uniquifier, token = begin(_signed_in, role) if begin else _signed_in(shop, role)
    browser = a_browser(shop)
    with browser.session_transaction("/staff/") as session:
        session["_user_id"] = uniquifier
        session["_fresh"] = True
        session["fs_paa"] = time.time()  # noqa: TID251 - Flask-Security asks the real clock
        session[TOKEN] = token
    return browser


def _signed_in(shop: Shop, role: Role) -> tuple[str, str]:
    with shop.app.app_context(), writing():
        user = a_member(shop.clock, role=role)
        token = begin_session(user.id, "A browser of a test", shop.clock, proof=Proof.FACTOR)
        return user.fs_uniquifier, token
