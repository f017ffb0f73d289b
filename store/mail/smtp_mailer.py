"""Hands mail to an SMTP server; the only module that speaks SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from store.errors import UnavailableError
from store.mail.mailer import MailRefusedError

TIMEOUT_SECONDS = 15.0
"""For each answer of the server."""
PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    host: str
    port: int
    is_tls: bool
    is_starttls: bool
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read smtp://user:password@host:587?starttls=1 or smtps://…; raise ValueError if wrong."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("STORE_MAIL_URL begins with smtp:// or smtps:// and names a host")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            is_tls=parts.scheme == "smtps",
            is_starttls=parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes"},
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpMailer:
    def __init__(self, url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._address = SmtpAddress.from_url(url)
        self._timeout = timeout_seconds

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connection() as server:
                _give(server, message)
        except (smtplib.SMTPException, OSError) as error:
            raise UnavailableError(f"the mail server: {_reason(error)}") from error

    def check(self) -> None:
        """Connect and sign in without sending anything; raises UnavailableError with the reason."""
        try:
            with self._connection() as server:
                server.noop()
        except (smtplib.SMTPException, OSError) as error:
            raise UnavailableError(f"the mail server: {_reason(error)}") from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        server = self._connect()
        try:
            if self._address.is_starttls:
                server.starttls(context=ssl.create_default_context())
            if self._address.user:
                server.login(self._address.user, self._address.password)
            yield server
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        host, port = self._address.host, self._address.port
        if self._address.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=self._timeout, context=context)
        return smtplib.SMTP(host, port, timeout=self._timeout)


def _give(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Send; turn a final no to this message into MailRefusedError, leave all else as it is."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()))
        if code >= 500:
            raise MailRefusedError(_answer(code, words)) from refusal
        raise
    except smtplib.SMTPDataError as refusal:
        if refusal.smtp_code >= 500:
            raise MailRefusedError(_answer(refusal.smtp_code, refusal.smtp_error)) from refusal
        raise
    except smtplib.SMTPNotSupportedError as refusal:
        # The recipient's name needs SMTPUTF8 and this server will never learn it from a retry.
        raise MailRefusedError("the server takes no such address") from refusal


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        # What the server took stays taken, however it says goodbye.
        server.close()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return type(error).__name__


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"[:300]
