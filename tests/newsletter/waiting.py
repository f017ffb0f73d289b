"""What readers do who wait for something sold out, and what became of it."""

import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db, writing
from store.inventory import stock
from store.jobs.outbox import due_row_ids, run_row
from store.jobs.queue import Handler
from store.mail.models import Message
from store.mail.outgoing import SendMail
from store.newsletter import tasks as newsletter_tasks
from store.newsletter.back_in_stock import tasks
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.models import ConsentEntry
from tests.newsletter.signing_up import SAME_SITE, leave_unsent, mails, post
from tests.shop import Shop

ADDRESS = "river@example.org"
FAR_AWAY = {"REMOTE_ADDR": "203.0.113.77"}


def asked(shop: Shop, variant: int, email: str = ADDRESS, **fields: str) -> TestResponse:
    answer = shop.browser().post(
        "/back-in-stock",
        data={"variant_id": str(variant), "email": email, **fields},
        headers=SAME_SITE,
    )
    run_jobs(shop)
    return answer


def run_jobs(shop: Shop) -> None:
    known: dict[str, Handler] = {
        **tasks.handlers(shop.services),
        **newsletter_tasks.handlers(shop.services),
        SendMail.kind: leave_unsent,
    }
    for row in due_row_ids(shop.clock.now()):
        run_row(row, known, shop.clock)


def wait(shop: Shop, variant: int, email: str = ADDRESS) -> None:
    """Ask and say yes, as somebody does who then waits."""
    asked(shop, variant, email)
    post(shop, newest_link("confirm"))


def newest_link(act: str) -> str:
    found = [re.search(rf"/back-in-stock/{act}/\S+", mail.text) for mail in mails()]
    return next(match[0] for match in reversed(found) if match)


def bring_back(shop: Shop, variant: int, units: int = 1) -> None:
    with writing():
        stock.receive(variant, units, cause="delivery", actor="test", clock=shop.clock)


def told() -> list[str]:
    db.session.rollback()
    wanted = select(Message.recipient).where(Message.kind == "back_in_stock.back")
    return list(db.session.scalars(wanted.order_by(Message.id)))


def kinds() -> list[str]:
    return [mail.kind for mail in mails()]


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(StockRequest.state).order_by(StockRequest.id)))


def ledger() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(ConsentEntry.purpose, ConsentEntry.kind).order_by(ConsentEntry.id)
    )
    return [(row.purpose, row.kind) for row in rows]
