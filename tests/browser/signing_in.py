"""A browser of somebody who is signed in behind a live shop."""

import time
from urllib.parse import urlsplit

from playwright.sync_api import Page

from store.database import writing
from store.staff.roles import Role
from store.staff.sessions import Proof, begin_session
from store.staff.sign_in import TOKEN
from tests.browser.live import LiveShop
from tests.staffing import a_member


def sign_in(page: Page, live: LiveShop, *, role: Role = Role.OWNER) -> None:
    """Give the page's browser the session of somebody who has this role."""
    clock = live.services.clock
    with live.app.app_context(), writing():
        user = a_member(clock, role=role)
        uniquifier = user.fs_uniquifier
        token = begin_session(user.id, "Chromium of a test", clock, proof=Proof.FACTOR)
    client = live.app.test_client()
    with client.session_transaction("/staff/") as session:
        session["_user_id"] = uniquifier
        session["_fresh"] = True
        session["fs_paa"] = time.time()  # noqa: TID251 - Flask-Security asks the real clock
        session[TOKEN] = token
    cookie = client.get_cookie(live.app.config["SESSION_COOKIE_NAME"], path="/staff")
    assert cookie is not None
    host = urlsplit(live.url).hostname or ""
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": host, "path": cookie.path}]
    )
