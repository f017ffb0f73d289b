"""Sends the mails that wait: reads a row, gives it to the mailer, records what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, select, update

from store.clock import Clock
from store.database import db, writing
from store.jobs.outbox import enqueue
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.mail.letterhead import branded
from store.mail.mailer import Mailer, MailPutOffError, MailRefusedError, Reach
from store.mail.manners import Manners, PlainManners
from store.mail.models import Message, MessageAttachment
from store.mail.outgoing import SendMail
from store.mail.resting import RELAY, end_rests, end_trouble, let_rest, rests_until
from store.mail.smtp_answers import without_address
from store.settings import Settings

KEPT = timedelta(days=180)
"""How long the words and the address of a mail are kept after it was written."""
CONFIDENTIAL = ".confidential"
"""Kinds that end so carry what is as good as money: their words go once somebody took the mail."""

PLAIN = PlainManners()

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What must be known of a mail while no transaction is open."""

    row_id: int
    kind: str
    recipient: str

    @property
    def domain(self) -> str:
        return self.recipient.rpartition("@")[2]


def handlers(
    mailer: Mailer, clock: Clock, settings: Settings, manners: Manners = PLAIN
) -> dict[str, Handler]:
    """Return what the worker runs for this room, by kind of job."""

    def send(payload: Mapping[str, Any]) -> None:
        send_message(payload["message_id"], mailer, clock, settings, manners)

    return {SendMail.kind: send}


def sweeps(clock: Clock) -> tuple[Sweep, ...]:
    """Return what the worker does for this room every so often."""

    def forget() -> None:
        forget_old_words(clock)

    return (Sweep("mail.forget_old_words", timedelta(days=1), forget),)


def send_message(
    row_id: int, mailer: Mailer, clock: Clock, settings: Settings, manners: Manners = PLAIN
) -> None:
    """Send one mail unless it was sent or refused; raises UnavailableError to be tried again.

    A worker that dies between sending and recording sends it again, under the same Message-ID.
    """
    row = db.session.get(Message, row_id)
    if row is None or row.sent_at or row.refused_at or not row.recipient:
        return
    outgoing = Outgoing(row_id, row.kind, row.recipient)
    if not _may_go(outgoing, clock, manners):
        return
    message = _with_files(compose(row, branded(settings)), row_id)
    # No transaction stays open while the outside takes its time.
    db.session.rollback()
    try:
        mailer.send(message)
    except MailRefusedError as refusal:
        log.warning("mail_refused", kind=outgoing.kind, row=row_id, reason=str(refusal))
        _record_refused(outgoing, refusal, clock, manners)
    except MailPutOffError as error:
        _note_rest(outgoing, error, clock, manners)
        raise
    else:
        _record_sent(outgoing, clock, manners)


def _may_go(outgoing: Outgoing, clock: Clock, manners: Manners) -> bool:
    """Forget a mail that may not go any more, and put off one whose domain is left alone."""
    if not manners.may_send(outgoing.kind, outgoing.recipient):
        with writing():
            _empty(Message.id == outgoing.row_id)
        return False
    if manners.is_to_many(outgoing.kind):
        now = clock.now()
        until = rests_until(outgoing.domain, now)
        if until is not None:
            with writing():
                enqueue(SendMail(outgoing.row_id), clock, delay=until - now)
            return False
    return True


def _record_sent(outgoing: Outgoing, clock: Clock, manners: Manners) -> None:
    with writing():
        _record(outgoing, sent_at=clock.now())
        if manners.is_to_many(outgoing.kind):
            end_rests(outgoing.domain, RELAY)
        else:
            end_trouble(clock.now())


def _record_refused(
    outgoing: Outgoing, refusal: MailRefusedError, clock: Clock, manners: Manners
) -> None:
    with writing():
        _record(outgoing, refused_at=clock.now(), refusal=str(refusal)[:400])
        if refusal.is_unknown_mailbox:
            manners.note_unknown(outgoing.recipient)


def _note_rest(outgoing: Outgoing, error: MailPutOffError, clock: Clock, manners: Manners) -> None:
    """Let what is sent to many wait; a mail about an order is tried again at its own pace."""
    if manners.is_to_many(outgoing.kind) and error.reach is not Reach.MAILBOX:
        with writing():
            over = outgoing.domain if error.reach is Reach.DOMAIN else RELAY
            let_rest(over, without_address(error.answer, outgoing.recipient), clock)


def compose(row: Message, settings: Settings) -> EmailMessage:
    """Return the row as a message of text and HTML; the same row gives the same headers."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mailbox(settings.mail_from, settings.brand_sender)
    message["To"] = mailbox(row.recipient)
    if row.reply_to:
        message["Reply-To"] = mailbox(row.reply_to)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = row.message_id
    # RFC 3834: nobody's holiday reply should answer a machine.
    message["Auto-Submitted"] = "auto-generated"
    for name, value in row.headers.items():
        message[name] = value
    # Quoted-printable keeps inlined styles under the 998 octets that a line may have.
    message.set_content(row.text, cte="quoted-printable")
    message.add_alternative(row.html, subtype="html", cte="quoted-printable")
    return message


def forget_old_words(clock: Clock) -> int:
    """Empty the mails that were written long ago; what remains proves that each was sent."""
    with writing():
        return _empty(Message.created_at < clock.now() - KEPT)


def forget_mails_of(kind: str, *, before: datetime) -> int:
    """Empty the mails of a kind that were written before, also those that wait; flushes only."""
    return _empty(Message.kind == kind, Message.created_at < before)


def forget_mails_to(recipient: str, *, room: str) -> int:
    """Empty what a room wrote to this address, also what waits; flushes only."""
    return _empty(Message.recipient == recipient, Message.kind.startswith(f"{room}."))


def forget_mails_about(cause: str) -> int:
    """Empty the mails whose cause begins so, also those that wait; flushes only."""
    return _empty(Message.dedupe_key.startswith(cause, autoescape=True))


def _empty(*which: ColumnElement[bool]) -> int:
    emptied = db.session.scalars(
        update(Message)
        .where(*which, Message.recipient != "")
        .values(recipient="", reply_to="", text="", html="", headers={}, refusal="")
        .returning(Message.id)
    ).all()
    db.session.execute(
        delete(MessageAttachment)
        .where(MessageAttachment.message_id.in_(emptied))
        .execution_options(synchronize_session=False)
    )
    return len(emptied)


def _with_files(message: EmailMessage, row_id: int) -> EmailMessage:
    files = db.session.scalars(
        select(MessageAttachment)
        .where(MessageAttachment.message_id == row_id)
        .order_by(MessageAttachment.id)
    )
    for file in files:
        main_type, _, subtype = file.media_type.partition("/")
        message.add_attachment(
            file.content, maintype=main_type, subtype=subtype, filename=file.name
        )
    return message


def mailbox(address: str, name: str = "") -> Address:
    local_part, _, domain = address.rpartition("@")
    return Address(name, local_part, domain)


def _record(outgoing: Outgoing, **outcome: object) -> None:
    if outgoing.kind.endswith(CONFIDENTIAL):
        outcome |= {"text": "", "html": ""}
    db.session.execute(update(Message).where(Message.id == outgoing.row_id).values(**outcome))
