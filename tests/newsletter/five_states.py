"""An address in each of its five states, every box that takes one, and what a request shows."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from store.database import db
from store.jobs.models import OutboxRow
from tests.newsletter.signing_up import FAR_AWAY, SAME_SITE, ask, join, newest_link, post
from tests.shop import Shop

STATES = ("new", "pending", "confirmed", "left", "suppressed")
ASKED = 422
JSON, HTML = "application/json", "text/html"
_ONCE = re.compile(
    r'name="step" value="[^"]*"|<fieldset class="choices">.*?</fieldset>|"request_id"', re.DOTALL
)
_SPENT = frozenset({"date", "x-request-id", "set-cookie"})


def address(state: str) -> str:
    """Return an address that is as long as those of other states."""
    return f"{state:x<10}@gmail.com"


def in_every_state(shop: Shop) -> None:
    """Bring one address into each state; all of them say as little as a new one."""
    ask(shop, address("pending"))
    join(shop, address("confirmed"))
    join(shop, address("left"))
    post(shop, newest_link("leave"))
    ask(shop, address("suppressed"))
    post(shop, newest_link("confirm"), disown="1")


Prepare = Callable[[Shop], FlaskClient]


@dataclass(frozen=True, slots=True)
class Route:
    """A box: where it posts, what else it sends, and what a browser did before."""

    path: str
    accept: str = HTML
    fields: Mapping[str, str] = field(default_factory=dict)
    browser: Prepare = Shop.browser

    @property
    def is_crowded(self) -> bool:
        """Whether of one network no more may come than there are states."""
        return self.path.startswith("/last-unit/")

    def sent(self, shop: Shop, email: str) -> TestResponse:
        return self.post(self.browser(shop), self.form(email))

    def form(self, email: str) -> dict[str, str]:
        return {**self.fields, "email": email}

    def post(self, browser: FlaskClient, form: Mapping[str, str]) -> TestResponse:
        return browser.post(
            self.path,
            data=form,
            headers={**SAME_SITE, "Accept": self.accept},
            environ_overrides=FAR_AWAY,
        )


OF_EVERY_PAGE = (
    "public_version",
    "shop_closure",
    "announcement",
    "FROM collection ",
    "FROM shipping_zone ",
)
"""What a process reads anew once its pages may have changed, by its clock, whoever is answered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a request lets see, from outside and in the database's own log."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: tuple[str, ...]
    enqueued: tuple[tuple[str, tuple[str, ...]], ...]


@contextmanager
def watched(statements: list[str]) -> Iterator[None]:
    """Collect every statement; what stands on every page is asked for by the clock alone."""

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        is_of_every_page = any(table in statement for table in OF_EVERY_PAGE)
        if not is_of_every_page and not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def shown(answer: Callable[[], TestResponse], email: str) -> Shown:
    """Return what this request shows, the address and what is new in each question left out."""
    before, statements = _newest_job(), list[str]()
    with watched(statements):
        found = answer()
    body = _ONCE.sub("…", found.get_data(as_text=True)).replace(email, "…")
    # A question is as long as its words; the page around it is compared as it is.
    spent = _SPENT | {"content-length"} if found.status_code == ASKED else _SPENT
    headers = sorted((n.lower(), v) for n, v in found.headers if n.lower() not in spent)
    return Shown(
        found.status_code, tuple(headers), body, tuple(statements), tuple(_jobs_after(before))
    )


def _newest_job() -> int:
    db.session.rollback()
    return db.session.scalar(select(OutboxRow.id).order_by(OutboxRow.id.desc()).limit(1)) or 0


def _jobs_after(before: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    db.session.rollback()
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.id > before).order_by(OutboxRow.id))
    for row in rows:
        yield row.kind, tuple(sorted(row.payload))
