"""Sends the mails that wait: reads a row, gives it to the mailer, records what became of it."""

from collections.abc import Mapping, Sequence
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
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.mail.letterhead import branded
from store.mail.mailer import Mailer, MailRefusedError
from store.mail.models import Message, MessageAttachment
from store.mail.outgoing import SendMail
from store.settings import Settings

KEPT = timedelta(days=180)
"""How long the words and the address of a mail are kept after it was written."""
CONFIDENTIAL = ".confidential"
"""Kinds that end so carry what is as good as money: their words go once somebody took the mail."""

log = structlog.get_logger(__name__)


def handlers(mailer: Mailer, clock: Clock, settings: Settings) -> dict[str, Handler]:
    """Return what the worker runs for this room, by kind of job."""

    def send(payload: Mapping[str, Any]) -> None:
        send_message(payload["message_id"], mailer, clock, settings)

    return {SendMail.kind: send}


def sweeps(clock: Clock) -> tuple[Sweep, ...]:
    """Return what the worker does for this room every so often."""

    def forget() -> None:
        forget_old_words(clock)

    return (Sweep("mail.forget_old_words", timedelta(days=1), forget),)


def send_message(row_id: int, mailer: Mailer, clock: Clock, settings: Settings) -> None:
    """Send one mail unless it was sent or refused; raises UnavailableError to be tried again.

    A worker that dies between sending and recording sends it again, under the same Message-ID.
    """
    row = db.session.get(Message, row_id)
    if row is None or row.sent_at or row.refused_at or not row.recipient:
        return
    message, kind = compose(row, branded(settings)), row.kind
    for file in _attachments(row_id):
        main_type, _, subtype = file.media_type.partition("/")
        message.add_attachment(
            file.content, maintype=main_type, subtype=subtype, filename=file.name
        )
    # No transaction stays open while the outside takes its time.
    db.session.rollback()
    outcome: dict[str, object]
    try:
        mailer.send(message)
    except MailRefusedError as refusal:
        log.warning("mail_refused", kind=kind, row=row_id, reason=str(refusal))
        outcome = {"refused_at": clock.now(), "refusal": str(refusal)[:400]}
    else:
        outcome = {"sent_at": clock.now()}
    if kind.endswith(CONFIDENTIAL):
        outcome |= {"text": "", "html": ""}
    _record(row_id, **outcome)


def compose(row: Message, settings: Settings) -> EmailMessage:
    """Return the row as a message of text and HTML; the same row gives the same headers."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(settings.mail_from, settings.brand_sender)
    message["To"] = _mailbox(row.recipient)
    if row.reply_to:
        message["Reply-To"] = _mailbox(row.reply_to)
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
        .values(recipient="", reply_to="", text="", html="", headers={})
        .returning(Message.id)
    ).all()
    db.session.execute(
        delete(MessageAttachment)
        .where(MessageAttachment.message_id.in_(emptied))
        .execution_options(synchronize_session=False)
    )
    return len(emptied)


def _attachments(row_id: int) -> Sequence[MessageAttachment]:
    return db.session.scalars(
        select(MessageAttachment)
        .where(MessageAttachment.message_id == row_id)
        .order_by(MessageAttachment.id)
    ).all()


def _mailbox(address: str, name: str = "") -> Address:
    local_part, _, domain = address.rpartition("@")
    return Address(name, local_part, domain)


def _record(row_id: int, **values: object) -> None:
    with writing():
        db.session.execute(update(Message).where(Message.id == row_id).values(**values))
