"""What tests of the newsletter do again and again: sign up, run the jobs, read the mails."""

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
from store.newsletter.models import ConsentEntry, Subscriber
from store.newsletter.tasks import handlers
from tests.shop import Shop

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = "river@example.org"
FAR_AWAY = {"REMOTE_ADDR": "203.0.113.77"}
DAY = timedelta(days=1)


def sign_up(reader: FlaskClient, email: str = ADDRESS, **fields: str) -> TestResponse:
    return reader.post("/newsletter", data={"email": email, **fields}, headers=SAME_SITE)


def run_jobs(shop: Shop) -> None:
    known: dict[str, Handler] = {**handlers(shop.services), SendMail.kind: leave_unsent}
    for row in due_row_ids(shop.clock.now()):
        run_row(row, known, shop.clock)


def leave_unsent(payload: Mapping[str, Any]) -> None:
    """Mails are read where they wait."""


def ask(shop: Shop, email: str = ADDRESS, **fields: str) -> None:
    """Sign up and let the worker do its part."""
    assert sign_up(shop.browser(), email, **fields).status_code == 303
    run_jobs(shop)


def join(shop: Shop, email: str = ADDRESS) -> None:
    ask(shop, email)
    post(shop, newest_link("confirm"))


def post(shop: Shop, path: str, **fields: str) -> TestResponse:
    return shop.browser().post(path, data=fields, headers=SAME_SITE)


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def kinds() -> list[str]:
    return [mail.kind.partition(".")[2] for mail in mails()]


def newest_link(act: str) -> str:
    found = [re.search(rf"/newsletter/{act}/\S+", mail.text) for mail in mails()]
    return next(match[0] for match in reversed(found) if match)


def subscribers() -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(row.email, row.state) for row in db.session.scalars(select(Subscriber))]


def ledger() -> list[str]:
    return list(db.session.scalars(select(ConsentEntry.kind).order_by(ConsentEntry.id)))


def traces(email: str = ADDRESS) -> list[str]:
    """Return the tables in which the address stands, in whatever column."""
    db.session.expire_all()
    tables = db.metadata.sorted_tables
    return [table.name for table in tables if email in str(db.session.execute(select(table)).all())]


def wait(shop: Shop, time: timedelta) -> None:
    shop.clock.move_to(shop.clock.now() + time)
