"""Promises about the way out: delivered, tried again, refused for good; SMTP runs on loopback."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db, writing
from store.errors import UnavailableError
from store.jobs.models import OutboxRow
from store.jobs.outbox import due_row_ids, run_row
from store.mail.file_mailer import FileMailer
from store.mail.mailer import Mailer
from store.mail.models import Message
from store.mail.sending import handlers, send_message
from store.mail.smtp_mailer import SmtpAddress, SmtpMailer
from tests.mail.post_office import PostOffice, open_post_office
from tests.mail.test_outgoing import a_mail
from tests.ports import free_port
from tests.shop import Shop


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office(PostOffice()) as office:
        yield office


def a_mail_sent_by(shop: Shop, mailer: Mailer, recipient: str = "reader@example.org") -> Message:
    """Write a mail and run its job once."""
    with writing():
        row_id = a_mail(shop, recipient=recipient)
    run_mail_jobs(shop, mailer)
    return db.session.get_one(Message, row_id)


def run_mail_jobs(shop: Shop, mailer: Mailer) -> None:
    for job in due_row_ids(shop.clock.now()):
        run_row(job, handlers(mailer, shop.clock, shop.services.settings), shop.clock)


def the_job() -> OutboxRow:
    return db.session.scalars(select(OutboxRow)).one()


def test_mail_is_delivered_once_and_recorded(app: Flask, shop: Shop, office: PostOffice) -> None:
    mailer = SmtpMailer(office.url)

    row = a_mail_sent_by(shop, mailer)
    send_message(row.id, mailer, shop.clock, shop.services.settings)

    assert office.recipients == ["reader@example.org"]
    assert office.taken[0]["Message-ID"] == row.message_id
    body = office.taken[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "It is on its way."
    assert row.sent_at == shop.clock.now()


@pytest.mark.parametrize("busy", ["recipient_answer", "data_answer"])
def test_mail_that_was_put_off_is_sent_later(
    app: Flask, shop: Shop, office: PostOffice, busy: str
) -> None:
    setattr(office, busy, "451 come back later")
    row = a_mail_sent_by(shop, SmtpMailer(office.url))
    assert row.sent_at is None
    setattr(office, busy, "250 OK")

    shop.clock.move_to(the_job().due_at)
    run_mail_jobs(shop, SmtpMailer(office.url))

    assert len(office.taken) == 1
    assert the_job().done_at is not None


@pytest.mark.parametrize("no", ["recipient_answer", "data_answer"])
def test_mail_that_was_refused_is_marked_and_left(
    app: Flask, shop: Shop, office: PostOffice, no: str
) -> None:
    setattr(office, no, "550 no such reader")

    row = a_mail_sent_by(shop, SmtpMailer(office.url))

    assert row.refused_at == shop.clock.now()
    assert row.refusal == "550 no such reader"
    assert the_job().done_at is not None


def test_silent_server_is_given_up_within_its_time(
    app: Flask, shop: Shop, office: PostOffice
) -> None:
    office.silent_seconds = 2

    row = a_mail_sent_by(shop, SmtpMailer(office.url, timeout_seconds=0.2))

    assert row.sent_at is None
    assert "TimeoutError" in the_job().error or "UnavailableError" in the_job().error


def test_connection_lost_after_the_words_keeps_the_message_id(
    app: Flask, shop: Shop, office: PostOffice
) -> None:
    office.hangs_up_in_data = True
    row = a_mail_sent_by(shop, SmtpMailer(office.url))
    assert row.sent_at is None
    office.hangs_up_in_data = False

    shop.clock.move_to(the_job().due_at)
    run_mail_jobs(shop, SmtpMailer(office.url))

    assert [mail["Message-ID"] for mail in office.taken] == [row.message_id] * 2
    db.session.expire_all()
    assert row.sent_at is not None


def test_worker_killed_before_it_recorded_sends_the_same_mail_again(
    app: Flask, shop: Shop, office: PostOffice
) -> None:
    class KilledAfterSending:
        def send(self, message: EmailMessage) -> None:
            SmtpMailer(office.url).send(message)
            raise KeyboardInterrupt

    with writing():
        a_mail(shop)
    with pytest.raises(KeyboardInterrupt):
        run_mail_jobs(shop, KilledAfterSending())

    run_mail_jobs(shop, SmtpMailer(office.url))
    assert len(office.taken) == 1, "the claim of the dead worker still stands"
    shop.clock.move_to(shop.clock.now().replace(hour=23))
    run_mail_jobs(shop, SmtpMailer(office.url))
    run_mail_jobs(shop, SmtpMailer(office.url))

    assert len({mail["Message-ID"] for mail in office.taken}) == 1
    assert len(office.taken) == 2


def test_address_that_needs_smtputf8_is_refused_where_the_server_has_none(
    app: Flask, shop: Shop, office: PostOffice
) -> None:
    row = a_mail_sent_by(shop, SmtpMailer(office.url), recipient="jürgen@example.org")

    assert row.refusal == "the server takes no such address"


def test_server_that_is_not_there_is_tried_again(app: Flask, shop: Shop) -> None:
    row = a_mail_sent_by(shop, SmtpMailer(f"smtp://127.0.0.1:{free_port()}"))

    assert (row.sent_at, row.refused_at) == (None, None)
    assert the_job().due_at > shop.clock.now()


def test_server_without_starttls_is_not_given_the_mail(
    app: Flask, shop: Shop, office: PostOffice
) -> None:
    row = a_mail_sent_by(shop, SmtpMailer(office.url + "?starttls=1"))

    assert office.taken == []
    assert row.sent_at is None


def test_wrong_password_is_no_fault_of_the_mail(app: Flask, shop: Shop, office: PostOffice) -> None:
    url = office.url.replace("smtp://", "smtp://shop:wrong@")
    with writing():
        row_id = a_mail(shop)

    with pytest.raises(UnavailableError):
        send_message(row_id or 0, SmtpMailer(url), shop.clock, shop.services.settings)


def test_mail_address_is_read_from_a_url() -> None:
    address = SmtpAddress.from_url("smtp://shop%40example.org:p%2Fw@mail.example.org?starttls=1")

    assert address == SmtpAddress("mail.example.org", 25, False, True, "shop@example.org", "p/w")
    assert SmtpAddress.from_url("smtps://mail.example.org").port == 465


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_url_that_names_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="STORE_MAIL_URL"):
        SmtpAddress.from_url(url)


def test_without_a_server_mails_are_files(app: Flask, shop: Shop, tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "mail")

    row = a_mail_sent_by(shop, mailer, recipient="jürgen@example.org")

    (file,) = (tmp_path / "mail").iterdir()
    assert file.name.startswith("20261121T223000-")
    assert "To: jürgen@example.org".encode() in file.read_bytes()
    assert row.sent_at is not None


def test_mail_sent_twice_to_files_is_one_file(app: Flask, shop: Shop, tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "mail")
    row = a_mail_sent_by(shop, mailer)
    with writing():
        db.session.get_one(Message, row.id).sent_at = None

    send_message(row.id, mailer, shop.clock, shop.services.settings)

    assert len(list((tmp_path / "mail").iterdir())) == 1
