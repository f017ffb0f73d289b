"""Writes a mail into the open transaction: the row, and the job that will send it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from store.clock import Clock
from store.database import db, insert_into
from store.errors import InvalidError
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.mail.models import Message, MessageAttachment
from store.mail.rendering import Rendered
from store.settings import Settings

SUBJECT_LENGTH = 255
# RFC 5322 allows more in a name; ours are all of this kind.
_header_name = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_control = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_written_by_us = frozenset(
    "from to cc bcc sender subject date message-id reply-to auto-submitted mime-version".split()
)


class UnmailableError(InvalidError):
    """The address is none, or a header would break out of its line."""


@dataclass(frozen=True, slots=True)
class SendMail(Job):
    kind: ClassVar[str] = "mail.send"

    message_id: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; whoever gives it has made name and type safe to print."""

    name: str
    media_type: str
    content: bytes


def write_mail(
    rendered: Rendered,
    *,
    recipient: str,
    dedupe_key: str,
    kind: str,
    clock: Clock,
    settings: Settings,
    headers: Mapping[str, str] | None = None,
    reply_to: str = "",
    attachments: Sequence[Attachment] = (),
) -> int | None:
    """Add the mail and its job; return the row's id, or None when this cause wrote one before.

    Raises UnmailableError for an address or a header that no mail may carry.
    """
    row = db.session.scalar(
        insert_into(Message)
        .on_conflict_do_nothing(index_elements=[Message.dedupe_key])
        .values(
            dedupe_key=dedupe_key,
            kind=kind,
            recipient=mailable(recipient),
            reply_to=mailable(reply_to) if reply_to else "",
            subject=one_line(rendered.subject)[:SUBJECT_LENGTH],
            text=rendered.text,
            html=rendered.html,
            headers={header_name(name): one_line(value) for name, value in (headers or {}).items()},
            message_id=_new_message_id(settings),
            created_at=clock.now(),
            refusal="",
        )
        .returning(Message.id)
    )
    if row is not None:
        db.session.add_all(_attached(file, row) for file in attachments)
        enqueue(SendMail(message_id=row), clock)
    return row


def was_written(dedupe_key: str) -> bool:
    """Whether this cause wrote a mail before: then nothing needs to be rendered for it."""
    known = select(Message.id).where(Message.dedupe_key == dedupe_key)
    return db.session.scalar(known) is not None


def mailable(address: str) -> str:
    """Return the address as SMTP wants it: the domain in ASCII; raise UnmailableError if none."""
    try:
        valid = validate_email(address.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise UnmailableError("not an e-mail address") from error
    return valid.ascii_email or f"{valid.local_part}@{valid.ascii_domain}"


def one_line(value: str) -> str:
    """Return the value if it stays on its line; a header may never start another."""
    if _control.search(value):
        raise UnmailableError("a header holds a control character")
    return value


def header_name(name: str) -> str:
    if not _header_name.fullmatch(name) or name.lower() in _written_by_us:
        raise UnmailableError("a header that this mail may not set")
    return name


def _attached(file: Attachment, row: int) -> MessageAttachment:
    return MessageAttachment(
        message_id=row,
        name=one_line(file.name),
        media_type=one_line(file.media_type),
        content=file.content,
    )


def _new_message_id(settings: Settings) -> str:
    domain = mailable(settings.mail_from).rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain}>"
