"""Lists of subscribers as staff bring them in, and the minutes in which their people are asked."""

import io
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.database import db
from store.newsletter.importing.inviting import ask_some
from tests.shop import Shop
from tests.staffing import token_of

LISTS = "/staff/subscribers/lists"
STATEMENT = {
    "agreed_where": "Paper list at the stall on Fair Day",
    "agreed_on": "2026-02-15",
    "topics": ["drops", "sales"],
    "states": "1",
}


def upload(browser: FlaskClient, content: bytes | str, **changed: object) -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    form: dict[str, object] = {
        **STATEMENT,
        **changed,
        "csrf_token": token_of(browser, LISTS),
        "file": (io.BytesIO(body), "list.csv"),
    }
    return browser.post(LISTS, data={n: v for n, v in form.items() if v is not None})


def begin(browser: FlaskClient, page: str) -> TestResponse:
    return browser.post(f"{page}/begin", data={"csrf_token": token_of(browser, page)})


def bring_in(browser: FlaskClient, content: str) -> str:
    """Bring a list in and say yes; return the address of its page."""
    page = upload(browser, content).location
    assert begin(browser, page).status_code == 303
    return page


def minutes_later(shop: Shop, minutes: int = 1) -> int:
    """Let the worker ask whom it may; return how many it asked."""
    asked = 0
    for _ in range(minutes):
        shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))
        with shop.app.app_context():
            asked += ask_some(shop.services)
    # Whoever reads on here had begun to before.
    db.session.rollback()
    return asked
