"""What people do at the door, as their browsers send it."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db
from store.jobs.outbox import due_row_ids, run_row
from store.jobs.queue import Handler
from store.mail.models import Message
from store.mail.outgoing import SendMail
from store.staff.tasks import handlers
from tests.shop import Shop
from tests.staffing import PASSWORD, App, Colleague, a_browser, token_of

SIGN_IN, SECOND_STEP = "/staff/sign-in", "/staff/second-step"
ACCOUNT, APP = "/staff/account/", "/staff/account/app"


def send(browser: FlaskClient, path: str, page: str = "", **fields: str) -> TestResponse:
    """Send a form from the page that it stands on, or from where it goes."""
    token = token_of(browser, page or path)
    return browser.post(path, data={**fields, "csrf_token": token})


def first_step(browser: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    return send(browser, SIGN_IN, email=email, password=password)


def sign_in(shop: Shop, who: Colleague, *, agent: str = "") -> FlaskClient:
    """Sign somebody in as she would: by password, and by her app's code where she has one."""
    browser = a_browser(shop)
    if agent:
        browser.environ_base["HTTP_USER_AGENT"] = agent
    answer = first_step(browser, who.email)
    if SECOND_STEP in answer.headers["Location"]:
        send(browser, SECOND_STEP, code=who.app.code())
    return browser


def set_up_app(shop: Shop, browser: FlaskClient) -> App:
    """Set up an app by the key on the page, as whoever cannot photograph the picture does."""
    found = re.search(r"<code>([A-Z2-7-]+)</code>", browser.get(APP).text)
    assert found
    app = App(found[1].replace("-", ""), shop.clock)
    send(browser, APP, code=app.code())
    return app


def is_in(browser: FlaskClient) -> bool:
    return browser.get(ACCOUNT).status_code == 200


def post_json(
    browser: FlaskClient, path: str, fields: Mapping[str, Any], page: str
) -> TestResponse:
    """Post as a script of ours does, with the token that it finds on the page."""
    headers = {"X-CSRFToken": token_of(browser, page), "Sec-Fetch-Mode": "cors"}
    return browser.post(path, json=dict(fields), headers=headers)


def send_with_picture(browser: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send three megabytes beside the fields; by hand, because the client leaves files open."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="picture"; filename="tee.png"'
    parts.append(f"--x\r\n{head}\r\nContent-Type: image/png\r\n\r\n{'x' * 3_000_000}\r\n--x--\r\n")
    body = "".join(parts).encode()
    return browser.post(path, data=body, content_type="multipart/form-data; boundary=x")


def run_jobs(shop: Shop) -> None:
    with shop.app.app_context():
        known: dict[str, Handler] = {**handlers(shop.services), SendMail.kind: leave_unsent}
        for row in due_row_ids(shop.clock.now()):
            run_row(row, known, shop.clock)


def leave_unsent(payload: Mapping[str, Any]) -> None:
    """Mails are read where they wait."""


def mails(shop: Shop, kind: str = "staff.") -> list[Message]:
    with shop.app.app_context():
        found = db.session.scalars(select(Message).order_by(Message.id)).all()
        return [mail for mail in found if mail.kind.startswith(kind)]


def link_in(mail: Message) -> str:
    """Return the path of the link in a mail."""
    found = re.search(r"http://localhost(/staff/password/[\w-]+)", mail.text)
    assert found
    return found[1]


def later(shop: Shop, **how_much: float) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(**how_much))
