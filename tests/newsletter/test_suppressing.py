"""Promises about who is not written to: asked when a mail goes, by all but mails about orders."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from store.app import job_handlers
from store.database import db, writing
from store.jobs.outbox import due_row_ids, run_row
from store.keyed import email_hash_of
from store.mail.models import Message
from store.mail.outgoing import write_mail
from store.mail.rendering import Rendered
from store.mail.smtp_mailer import SmtpMailer
from store.newsletter.models import SuppressionReason
from store.newsletter.subscribing import suppress
from store.newsletter.suppressing import is_suppressed
from tests.mail.rude_office import TAKEN, RudeOffice, open_rude_office
from tests.mail.test_lines import at
from tests.shop import Shop

TO_MANY = (
    "newsletter.welcome",
    "back_in_stock.back",
    "last_unit.turn",
    "left_carts.link",
)
ABOUT_ORDERS = ("orders.confirmed", "gift_cards.issued.confidential", "staff.invitation")
READER = "river@example.org"


@pytest.fixture
def office() -> Iterator[RudeOffice]:
    with open_rude_office(RudeOffice()) as office:
        yield office


def written(shop: Shop, kind: str, recipient: str = READER, cause: str = "one") -> int:
    with writing():
        row = write_mail(
            Rendered("Hello", "It is here.\n", "<p>It is here.</p>"),
            recipient=recipient,
            dedupe_key=f"{kind}:{recipient}:{cause}",
            kind=kind,
            clock=shop.clock,
            settings=shop.services.settings,
        )
    assert row is not None
    return row


def run_mails(shop: Shop, office: RudeOffice) -> None:
    known = job_handlers(replace(shop.services, mailer=SmtpMailer(office.url)))
    for row in due_row_ids(shop.clock.now()):
        run_row(row, known, shop.clock)


def suppress_reader(shop: Shop, reason: str = "complained") -> None:
    with writing():
        suppress(
            email_hash_of(READER, shop.services.settings), SuppressionReason(reason), shop.clock
        )


def the_mail(row: int) -> Message:
    db.session.rollback()
    return db.session.scalars(select(Message).where(Message.id == row)).one()


def wait(shop: Shop, time: timedelta) -> None:
    shop.clock.move_to(shop.clock.now() + time)


@pytest.mark.parametrize("kind", TO_MANY)
def test_who_is_suppressed_after_a_mail_was_written_does_not_get_it(
    app: Flask, shop: Shop, office: RudeOffice, kind: str
) -> None:
    row = written(shop, kind)
    suppress_reader(shop)

    run_mails(shop, office)

    assert office.taken == []
    mail = the_mail(row)
    assert (mail.recipient, mail.text, mail.html, mail.sent_at) == ("", "", "", None)
    assert due_row_ids(shop.clock.now()) == []


@pytest.mark.parametrize("kind", ABOUT_ORDERS)
def test_mails_about_an_order_are_sent_to_whoever_bought(
    app: Flask, shop: Shop, office: RudeOffice, kind: str
) -> None:
    suppress_reader(shop, "bounced")
    written(shop, kind)

    run_mails(shop, office)

    assert office.taken == [READER]


def test_erased_person_who_asks_again_is_asked_whether_it_was_her(
    app: Flask, shop: Shop, office: RudeOffice
) -> None:
    suppress_reader(shop, "erased")
    written(shop, "newsletter.invitation")

    run_mails(shop, office)

    assert office.taken == [READER]


@pytest.mark.parametrize("kind", [*TO_MANY, *ABOUT_ORDERS])
def test_mailbox_that_nobody_has_is_noted_whatever_was_sent_there(
    app: Flask, shop: Shop, office: RudeOffice, kind: str
) -> None:
    office.manners = at("RCPT", "550 5.1.1 no such user")
    row = written(shop, kind)

    run_mails(shop, office)

    assert is_suppressed(READER, shop.services.settings)
    assert the_mail(row).refusal == "550 5.1.1 no such user"


def test_refusal_for_other_reasons_suppresses_nobody(
    app: Flask, shop: Shop, office: RudeOffice
) -> None:
    office.manners = at("RCPT", "550 5.7.1 we do not like you")
    written(shop, "back_in_stock.back")

    run_mails(shop, office)

    assert not is_suppressed(READER, shop.services.settings)


@pytest.mark.parametrize("kind", TO_MANY)
def test_mail_to_many_waits_while_its_domain_is_left_alone(
    app: Flask, shop: Shop, office: RudeOffice, kind: str
) -> None:
    asked: list[str] = []

    def later(step: str, address: str) -> str:
        if step == "RCPT":
            asked.append(address)
            return "451 4.7.1 later"
        return TAKEN

    office.manners = later
    written(shop, kind)
    run_mails(shop, office)
    second = written(shop, kind, "brook@example.org")
    run_mails(shop, office)

    assert asked == [READER]
    office.manners = at("", "")
    wait(shop, timedelta(minutes=1))
    run_mails(shop, office)
    assert the_mail(second).sent_at is not None


def test_mail_about_an_order_waits_for_nobody(app: Flask, shop: Shop, office: RudeOffice) -> None:
    office.manners = at("MAIL", "421 4.7.0 closing")
    written(shop, "back_in_stock.back")
    run_mails(shop, office)
    office.manners = at("", "")
    written(shop, "orders.confirmed", "buyer@example.org")

    run_mails(shop, office)

    assert office.taken == ["buyer@example.org"]
