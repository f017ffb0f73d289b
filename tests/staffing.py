"""People who work at a shop under test, and their browsers."""

import re
import time
from itertools import count

from flask.testing import FlaskClient

from store.clock import Clock
from store.database import db, writing
from store.staff.models import StaffUser
from store.staff.roles import Role
from store.staff.sessions import begin_session
from store.staff.sign_in import TOKEN
from tests.shop import Shop

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


def at_the_desk(shop: Shop, *, role: Role = Role.OWNER) -> FlaskClient:
    """Return the browser of somebody who is signed in, with two factors just now."""
    with shop.app.app_context(), writing():
        user = a_member(shop.clock, role=role)
        token = begin_session(user.id, "A browser of a test", shop.clock)
        uniquifier = user.fs_uniquifier
    browser = a_browser(shop)
    with browser.session_transaction("/staff/") as session:
        session["_user_id"] = uniquifier
        session["_fresh"] = True
        session["fs_paa"] = time.time()  # noqa: TID251 - Flask-Security asks the real clock
        session[TOKEN] = token
    return browser
