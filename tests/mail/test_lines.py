"""Promises about lines to a mail server: kept between mails, let go, cut, and opened anew."""

import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from store.mail.mailer import MailPutOffError, MailRefusedError, Reach
from store.mail.smtp_mailer import MAILS_A_LINE, SmtpMailer
from tests.mail.rude_office import (
    HANGS_UP,
    HANGS_UP_AMID,
    HANGS_UP_HAVING_TAKEN,
    SILENT,
    TAKEN,
    TRICKLES,
    Manners,
    RudeOffice,
    open_rude_office,
    until,
)


@pytest.fixture(params=[("8BITMIME",), ("8BITMIME", "PIPELINING")], ids=["plain", "at once"])
def office(request: pytest.FixtureRequest) -> Iterator[RudeOffice]:
    with open_rude_office(RudeOffice(extensions=request.param)) as office:
        yield office


def a_message(recipient: str = "reader@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "shop@example.org", recipient
    message["Subject"], message["Message-ID"] = "Hello", "<one@example.org>"
    message.set_content("It is on its way.")
    return message


def no_from(mailer: SmtpMailer, recipient: str = "reader@example.org") -> MailPutOffError:
    with pytest.raises(MailPutOffError) as no:
        mailer.send(a_message(recipient))
    return no.value


def at(step: str, answer: str, *, of: str = "") -> Manners:
    return lambda now, address: answer if now == step and of in address else TAKEN


def test_one_line_carries_many_mails(office: RudeOffice) -> None:
    mailer = SmtpMailer(office.url)

    for number in range(5):
        mailer.send(a_message(f"reader{number}@example.org"))

    assert office.connections == 1
    assert len(office.taken) == 5


def test_line_is_given_up_before_the_server_does(office: RudeOffice) -> None:
    mailer = SmtpMailer(office.url)

    for _mail in range(MAILS_A_LINE + 1):
        mailer.send(a_message())

    assert office.connections == 2


def test_idle_line_is_let_go(office: RudeOffice) -> None:
    mailer = SmtpMailer(office.url, idle_seconds=0.1)

    mailer.send(a_message())

    assert mailer.open_lines() == 1
    assert until(lambda: mailer.open_lines() == 0 and office.open_now == 0)
    mailer.send(a_message())
    assert len(office.taken) == 2


def test_line_that_was_dropped_between_mails_is_opened_anew(office: RudeOffice) -> None:
    mailer = SmtpMailer(office.url)
    mailer.send(a_message())
    office.manners = at("RSET", HANGS_UP)

    mailer.send(a_message())

    assert len(office.taken) == 2
    assert office.connections == 2


def test_refused_reader_leaves_the_line_as_good_as_new(office: RudeOffice) -> None:
    office.manners = at("RCPT", "550 5.1.1 no such mailbox", of="gone")
    mailer = SmtpMailer(office.url)

    with pytest.raises(MailRefusedError) as no:
        mailer.send(a_message("gone@example.org"))
    mailer.send(a_message())

    assert no.value.is_unknown_mailbox
    assert (office.taken, office.connections) == (["reader@example.org"], 1)


@pytest.mark.parametrize(
    ("step", "answer", "reach"),
    [
        ("greeting", "421 4.3.2 too busy", Reach.RELAY),
        ("greeting", HANGS_UP, Reach.RELAY),
        ("MAIL", "421 4.7.0 too many", Reach.RELAY),
        ("MAIL", "550 5.7.1 this sender may not", Reach.RELAY),
        ("RCPT", "421 4.7.0 try again", Reach.RELAY),
        ("RCPT", "450 4.2.1 mailbox busy", Reach.MAILBOX),
        ("RCPT", "452 4.2.2 mailbox full", Reach.MAILBOX),
        ("RCPT", "451 4.7.1 greylisted", Reach.DOMAIN),
        ("RCPT", "450 later", Reach.DOMAIN),
        ("RCPT", "451 4.3.0 our disk is full", Reach.RELAY),
        ("DATA", "451 4.7.28 too fast", Reach.DOMAIN),
        ("words", "421 4.7.0 closing", Reach.RELAY),
        ("words", "450 4.7.1 later", Reach.DOMAIN),
        ("words", "nonsense", Reach.RELAY),
        ("words", HANGS_UP, Reach.RELAY),
        ("words", HANGS_UP_HAVING_TAKEN, Reach.RELAY),
        ("DATA", HANGS_UP_AMID, Reach.RELAY),
    ],
)
def test_what_is_put_off_says_whom_it_concerns(
    office: RudeOffice, step: str, answer: str, reach: Reach
) -> None:
    office.manners = at(step, answer)
    mailer = SmtpMailer(office.url)

    no = no_from(mailer)

    assert no.reach is reach
    assert no.was_given is (step != "greeting")
    office.manners = at("", "")
    mailer.send(a_message())


@pytest.mark.parametrize(
    ("answer", "is_unknown"),
    [
        ("550 5.1.1 no such user", True),
        ("550 5.1.2 no such domain", True),
        ("556 5.1.10 takes no mail", True),
        ("550 5.7.1 we do not like it", False),
        ("554 5.7.9 unauthenticated", False),
        ("550 5.2.1 switched off", False),
        ("550 no", False),
        ("550 5.1.8 your domain has no name", False),
    ],
)
def test_only_a_mailbox_that_is_not_there_is_unknown(
    office: RudeOffice, answer: str, *, is_unknown: bool
) -> None:
    office.manners = at("RCPT", answer)

    with pytest.raises(MailRefusedError, match=answer[:3]) as no:
        SmtpMailer(office.url).send(a_message())

    assert no.value.is_unknown_mailbox is is_unknown


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "words"])
@pytest.mark.parametrize("manner", [SILENT, TRICKLES])
def test_server_that_keeps_somebody_waiting_is_left(
    office: RudeOffice, step: str, manner: str
) -> None:
    office.manners = at(step, manner)
    mailer = SmtpMailer(office.url, timeout_seconds=0.2)
    began = time.monotonic()

    no = no_from(mailer)

    assert no.reach is Reach.RELAY
    assert time.monotonic() - began < 6
    assert mailer.open_lines() == 0


def test_address_beyond_ascii_goes_where_the_server_takes_it(office: RudeOffice) -> None:
    office.extensions += ("SMTPUTF8",)
    mailer = SmtpMailer(office.url)

    mailer.send(a_message("jürgen@example.org"))
    mailer.send(a_message())

    assert office.taken == ["jürgen@example.org", "reader@example.org"]


def test_line_that_the_server_closes_is_not_kept(office: RudeOffice) -> None:
    mailer = SmtpMailer(office.url)
    office.manners = at("RCPT", "421 4.7.0 closing")
    no_from(mailer)

    assert mailer.open_lines() == 0
