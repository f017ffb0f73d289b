"""Promises about writing a mail: once for each cause, with its cause or not at all."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.database import db, writing
from store.jobs.models import OutboxRow
from store.mail.models import Message
from store.mail.outgoing import UnmailableError, mailable, write_mail
from store.mail.rendering import Rendered
from store.mail.sending import compose, forget_old_words
from tests.shop import Shop

LETTER = Rendered("Your order", "It is on its way.\n", "<p>It is on its way.</p>")


def a_mail(shop: Shop, rendered: Rendered = LETTER, **changed: Any) -> int | None:
    given: dict[str, Any] = {
        "recipient": "reader@example.org",
        "dedupe_key": "order:GN-1:confirmed",
        "kind": "order.confirmed",
        "clock": shop.clock,
        "settings": shop.services.settings,
    }
    return write_mail(rendered, **(given | changed))


def messages() -> int:
    return db.session.scalar(select(func.count()).select_from(Message)) or 0


def test_mail_is_a_row_and_a_job_that_sends_it(app: Flask, shop: Shop) -> None:
    with writing():
        row_id = a_mail(shop)

    job = db.session.scalars(select(OutboxRow)).one()
    assert (job.kind, job.payload) == ("mail.send", {"message_id": row_id})


def test_one_cause_writes_one_mail_however_often_it_runs(app: Flask, shop: Shop) -> None:
    for _ in range(3):
        with writing():
            a_mail(shop)

    assert messages() == 1
    assert len(db.session.scalars(select(OutboxRow)).all()) == 1


def test_second_mail_of_one_cause_in_the_same_transaction_is_none(app: Flask, shop: Shop) -> None:
    with writing():
        first, second = a_mail(shop), a_mail(shop)

    assert first is not None
    assert second is None


def test_mail_of_a_cause_that_never_happened_is_not_written(app: Flask, shop: Shop) -> None:
    with pytest.raises(KeyError), writing():
        a_mail(shop)
        raise KeyError("the card was declined")

    assert messages() == 0
    assert db.session.scalars(select(OutboxRow)).all() == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c.org",
        "reader@example.org\r\nBcc: everyone@example.org",
        "reader@example.org\nx",
        "Reader <reader@example.org>",
        "reader@exa mple.org",
        "a@example.org,b@example.org",
        "x" * 300 + "@example.org",
    ],
)
def test_what_is_no_single_address_is_refused(app: Flask, shop: Shop, address: str) -> None:
    with pytest.raises(UnmailableError), writing():
        a_mail(shop, recipient=address)


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\x00", "\u2028", "\x85", "\x1b"])
def test_header_that_would_break_its_line_is_refused(app: Flask, shop: Shop, sign: str) -> None:
    with pytest.raises(UnmailableError), writing():
        a_mail(shop, headers={"List-Unsubscribe": f"<https://x>{sign}Bcc: everyone@example.org"})
    with pytest.raises(UnmailableError), writing():
        a_mail(shop, Rendered(f"Order{sign}Bcc: everyone@example.org", "", ""))


@pytest.mark.parametrize("name", ["From", "bcc", "Subject", "Message-ID", "X Y", "X:Y", "", "É"])
def test_headers_that_are_ours_or_none_are_refused(app: Flask, shop: Shop, name: str) -> None:
    with pytest.raises(UnmailableError), writing():
        a_mail(shop, headers={name: "x"})


@pytest.mark.parametrize(
    ("given", "mailed"),
    [
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        (" reader@Example.ORG ", "reader@example.org"),
        ("jürgen@bücher.example", "jürgen@xn--bcher-kva.example"),
    ],
)
def test_domains_are_mailed_in_ascii(given: str, mailed: str) -> None:
    assert mailable(given) == mailed


def test_composed_mail_says_who_writes_and_that_a_machine_did(app: Flask, shop: Shop) -> None:
    with writing():
        row_id = a_mail(
            shop, headers={"List-Id": "<news.example.org>"}, reply_to="tips@example.org"
        )

    message = compose(db.session.get_one(Message, row_id), shop.services.settings)

    assert message["From"] == "GN Store <shop@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "tips@example.org"
    assert message["List-Id"] == "<news.example.org>"
    assert message["Date"] == "Sat, 21 Nov 2026 22:30:00 +0000"
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_lines_on_the_wire_stay_short(app: Flask, shop: Shop) -> None:
    long = Rendered("Größe " * 40, "Wörter " * 500, "<p>" + "é" * 5000 + "</p>")
    with writing():
        row_id = a_mail(shop, long)

    sent = compose(db.session.get_one(Message, row_id), shop.services.settings).as_bytes()

    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert sent.isascii()


def test_same_row_keeps_its_message_id(app: Flask, shop: Shop) -> None:
    with writing():
        row_id = a_mail(shop)
    row = db.session.get_one(Message, row_id)

    first, second = (compose(row, shop.services.settings) for _ in range(2))

    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_old_mails_lose_their_words_and_their_address(app: Flask, shop: Shop) -> None:
    with writing():
        row_id = a_mail(shop)
    shop.clock.move_to(shop.clock.now().replace(year=2027, month=6))

    assert forget_old_words(shop.clock) == 1

    row = db.session.get_one(Message, row_id)
    assert (row.recipient, row.text, row.html) == ("", "", "")
    assert row.dedupe_key == "order:GN-1:confirmed"
