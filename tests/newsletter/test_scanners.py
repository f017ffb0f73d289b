"""Promises about machines that open every link of every mail: nothing comes of it.

Mailboxes of companies and schools follow each link before its reader does, some of them with HEAD.
"""

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import default
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.database import db
from store.mail.file_mailer import FileMailer
from store.mail.models import Message
from store.newsletter.back_in_stock.telling import tell_who_waits
from tests.browser.letters import every_letter, every_template
from tests.buying import a_variant, fill_cart
from tests.newsletter import waiting
from tests.newsletter.campaigning import begun, send_all, sending_by
from tests.newsletter.lists import bring_in, minutes_later
from tests.newsletter.signing_up import ask, join, post
from tests.shop import Shop
from tests.staffing import at_the_desk
from tests.waiting.queueing import later, stand_in_line, start_paying, sweep
from tests.waiting.test_left_carts import agree
from tests.waiting.test_left_carts import sweep as mail_carts

OURS = "http://localhost"
COUNTED = frozenset({"article", "article_day"})
"""Clicks of stories are counted by GET, for nobody in particular."""
LINKS = re.compile(r'href="(http[^"]+)"|(http://localhost[^\s"<>]+)')


def everything_kept() -> Mapping[str, list[str]]:
    """Return every row of every table, but for what a look may count."""
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in db.metadata.sorted_tables
        if table.name not in COUNTED
    }


def links_of(*texts: str) -> Iterator[str]:
    """Yield each address of ours that stands in a mail, as a scanner finds it."""
    for text in texts:
        for linked, plain in LINKS.findall(text):
            found = unescape(linked or plain).rstrip(".,)>")
            if found.startswith(OURS):
                yield found.removeprefix(OURS) or "/"


def open_all(scanner: FlaskClient, paths: list[str]) -> dict[str, set[int]]:
    statuses: dict[str, set[int]] = {}
    for path in paths:
        for method in ("GET", "HEAD"):
            answer = scanner.open(path, method=method, follow_redirects=True)
            statuses.setdefault(urlsplit(path).path, set()).add(answer.status_code)
            answer.close()
    return statuses


@pytest.mark.slow
def test_scanner_of_every_mail_changes_nothing(
    app: Flask, shop: Shop, variant: int, tmp_path: Path
) -> None:
    letters = every_letter(shop)
    texts = [part for letter in letters for part in (letter.html, letter.text)]
    texts += mails_that_take_a_while(shop, variant)
    campaign = mails_to_many(shop, tmp_path)
    texts += campaign
    paths = sorted(set(links_of(*texts)))
    before = everything_kept()

    statuses = open_all(shop.browser(), paths)

    assert everything_kept() == before
    assert {letter.name for letter in letters} >= every_template() - PARTS
    assert not {path: found for path, found in statuses.items() if max(found) >= 500}
    for room in ("newsletter/confirm", "newsletter/leave", "newsletter/preferences"):
        assert any(f"/{room}/" in path for path in paths), room
    own = {
        urlsplit(path).path.split("/")[2] for path in links_of(*campaign) if "/newsletter/" in path
    }
    assert own == {"archive", "leave", "preferences"}
    for room in ("back-in-stock/confirm", "back-in-stock/leave", "cart/link", "last-unit"):
        assert any(f"/{room}/" in path for path in paths), room


PARTS = frozenset({"mail.button", "mail.files", "mail.parcel", "mail.receipt"})
"""What several mails are made of."""


def mails_that_take_a_while(shop: Shop, variant: int) -> list[str]:
    """Have mails written whose links open something that is under way; return their texts."""
    join(shop, "member@example.org")
    ask(shop, "member@example.org")
    ask(shop, "stranger@example.org")
    waiting.wait(shop, variant, "waits@example.org")
    waiting.bring_back(shop, variant)
    with shop.app.app_context():
        tell_who_waits(shop.services)
    bring_in(at_the_desk(shop), "Email\nlisted@example.org\n")
    minutes_later(shop)
    last = a_variant(shop, handle="last", stock=1)
    payer, _session = start_paying(shop, last)
    stand_in_line(shop, last, "line@example.org")
    payer.get("/checkout/back")
    sweep(shop)
    reader = shop.browser()
    fill_cart(reader, variant)
    agree(reader, "cart@example.org")
    later(shop, hours=5)
    mail_carts(shop)
    db.session.rollback()
    mails = db.session.scalars(select(Message)).all()
    headers = [value for mail in mails for value in mail.headers.values()]
    return [*headers, *(part for mail in mails for part in (mail.html, mail.text))]


def mails_to_many(shop: Shop, folder: Path) -> list[str]:
    """Send a campaign to whoever is on the list; return what each mail says, its head as well."""
    begun(shop, slug="spring", body="See [what is new](/products).")
    send_all(sending_by(shop, FileMailer(folder)))
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("*.eml")]
    assert mails
    return [
        words
        for mail in mails
        for words in [
            *map(str, mail.values()),
            *(str(p.get_content()) for p in mail.walk() if not p.is_multipart()),
        ]
    ]


def test_scanner_that_posts_nothing_lets_the_reader_act_afterwards(app: Flask, shop: Shop) -> None:
    ask(shop)
    (mail,) = db.session.scalars(select(Message)).all()
    paths = list(links_of(mail.html, mail.text))

    open_all(shop.browser(), paths)
    confirm = next(path for path in paths if "/confirm/" in path)

    assert "You are on the list" in post(shop, confirm).text
