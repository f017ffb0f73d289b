"""Hands mail to an SMTP server over lines that stay open; the only module that speaks SMTP."""

import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from store.errors import StoreError, UnavailableError
from store.mail import smtp_answers
from store.mail.lines import Line, Lines
from store.mail.mailer import MailPutOffError, MailRefusedError, Reach
from store.mail.smtp_answers import Stage

TIMEOUT_SECONDS = 15.0
"""For each answer of the server."""
FOR_THE_WORDS = 4
"""So many times as long for the last answer: servers read what they were given before they say yes,
and who leaves before that gives it twice."""
FOR_A_MAIL = 6
"""So many times as long for a whole mail, however often the server says something in between."""
IDLE_SECONDS = 20.0
"""How long a line is kept that nobody uses; the shortest that servers are known to grant is 30."""
MAILS_A_LINE = 100
"""Servers hang up after some number of mails; we are there before most of them."""
GOODBYE_SECONDS = 2.0
UTF8 = "SMTPUTF8"
PORTS = {"smtp": 25, "smtps": 465}
Reply = tuple[int, bytes | str]
FINE: Reply = (250, b"")
_FAILURES = (smtplib.SMTPException, OSError)


class _StaleLineError(Exception):
    """The other side ended this line before it was given anything of this mail."""


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
    """Safe to use from many threads: each speaks on a line of its own."""

    def __init__(
        self,
        url: str,
        timeout_seconds: float = TIMEOUT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._address = SmtpAddress.from_url(url)
        self._timeout = timeout_seconds
        self._lines = Lines(_leave, idle_seconds)

    def send(self, message: EmailMessage) -> None:
        """Give one mail; raises MailPutOffError with whom it concerns, or MailRefusedError."""
        line = self._lines.take(self._deadline())
        if line is not None:
            try:
                self._speak(line, message)
            except _StaleLineError:
                # Whoever hangs up between two mails has been given nothing of this one.
                self._close(line)
            else:
                return
        self._speak(self._new_line(), message)

    def _speak(self, line: Line, message: EmailMessage) -> None:
        try:
            self._give(line, message)
        except _StaleLineError:
            raise
        except StoreError:
            self._keep(line)
            raise
        except _FAILURES as error:
            # Whether it was taken nobody knows: what comes again has the same Message-ID.
            self._close(line)
            raise MailPutOffError(_reason(error), Reach.RELAY) from error
        except BaseException:
            self._close(line)
            raise
        self._keep(line)

    def check(self) -> None:
        """Connect and sign in without sending anything; raises UnavailableError with the reason."""
        line = self._new_line()
        try:
            line.server.noop()
        except _FAILURES as error:
            raise UnavailableError(f"the mail server: {_reason(error)}") from error
        finally:
            self._lines.drop(line)
            _leave(line)

    def open_lines(self) -> int:
        """Return how many connections are open now."""
        return self._lines.open_count()

    def _new_line(self) -> Line:
        line = Line()
        self._lines.add(line, self._deadline())
        try:
            self._connect(line)
            if self._address.is_starttls:
                line.server.starttls(context=ssl.create_default_context())
            if self._address.user:
                line.server.login(self._address.user, self._address.password)
            line.server.ehlo_or_helo_if_needed()
        except _FAILURES as error:
            self._close(line)
            raise MailPutOffError(_reason(error), Reach.RELAY, was_given=False) from error
        return line

    def _connect(self, line: Line) -> None:
        host, port = self._address.host, self._address.port
        if self._address.is_tls:
            _TlsTalk(line, host, port, self._timeout, context=ssl.create_default_context())
        else:
            _Talk(line, host, port, self._timeout)

    def _give(self, line: Line, message: EmailMessage) -> None:
        server = line.server
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        options = _options(server, recipient)
        words = message.as_bytes(policy=SMTP.clone(utf8=UTF8 in options))
        envelope = [
            " ".join([f"MAIL FROM:{smtplib.quoteaddr(sender)}", *options]),
            f"RCPT TO:{smtplib.quoteaddr(recipient)}",
        ]
        line.mails += 1
        _, *said_of = _said(line, envelope)
        for stage, said in zip((Stage.SENDER, Stage.RECIPIENT), said_of, strict=False):
            _hear(line, stage, said)
        server.sock.settimeout(self._timeout * FOR_THE_WORDS)
        try:
            said = server.data(words)
        except smtplib.SMTPDataError as no:
            said = no.smtp_code, no.smtp_error
        _hear(line, Stage.WORDS, said)

    def _keep(self, line: Line) -> None:
        """Give the line back unless the other side closes it, or would before long."""
        if line.server.sock is None or line.is_closing:
            self._close(line)
        elif line.mails >= MAILS_A_LINE:
            self._lines.drop(line)
            _leave(line)
        else:
            line.server.sock.settimeout(self._timeout)
            self._lines.give_back(line)

    def _close(self, line: Line) -> None:
        self._lines.drop(line)
        if line.server is not None:
            line.server.close()

    def _deadline(self) -> float:
        return time.monotonic() + self._timeout * FOR_A_MAIL


class _Talk(smtplib.SMTP):
    """Tells its line about itself before it connects, so that even a greeting can be cut."""

    def __init__(self, line: Line, host: str, port: int, timeout: float) -> None:
        line.server = self
        super().__init__(host, port, timeout=timeout)


class _TlsTalk(smtplib.SMTP_SSL):
    def __init__(self, line: Line, host: str, port: int, timeout: float, **tls: Any) -> None:
        line.server = self
        super().__init__(host, port, timeout=timeout, **tls)


def _options(server: smtplib.SMTP, recipient: str) -> list[str]:
    if recipient.isascii():
        return []
    if not server.has_extn("smtputf8"):
        # This server will never learn it from a retry.
        raise MailRefusedError("the server takes no such address")
    return [UTF8, "BODY=8BITMIME"]


def _hear(line: Line, stage: Stage, said: Reply) -> None:
    code, words = said
    line.is_closing = code == smtp_answers.CLOSING
    if _is_no(said):
        raise smtp_answers.refusal(stage, code, words)


def _said(line: Line, envelope: list[str]) -> list[Reply]:
    """Give the envelope, after forgetting what is left of the mail before; return the answers.

    The first is of the forgetting: a line that was dropped meanwhile says so there. Servers that
    know RFC 2920 are told all at once, which saves two ways there and back.
    """
    server, is_used = line.server, line.mails > 1
    commands = ["RSET", *envelope] if is_used else envelope
    answers: list[Reply] = [] if is_used else [FINE]
    at_once = server.has_extn("pipelining")
    try:
        if at_once:
            _write(server, commands)
        for command in commands:
            if not at_once:
                _write(server, [command])
            answers.append(server.getreply())
            if is_used and answers[0][0] != FINE[0]:
                raise _StaleLineError
            if not at_once and _is_no(answers[-1]):
                return answers
    except _FAILURES as error:
        if is_used and not answers:
            raise _StaleLineError from error
        # Who said no to the sender may be gone before the recipient is heard.
        if not any(_is_no(reply) for reply in answers):
            raise
    return answers


def _write(server: smtplib.SMTP, commands: list[str]) -> None:
    server.send("".join(f"{command}\r\n" for command in commands).encode())


def _is_no(reply: Reply) -> bool:
    return not 200 <= reply[0] < 300


def _leave(line: Line) -> None:
    server = line.server
    if server is None or server.sock is None:
        return
    try:
        server.sock.settimeout(GOODBYE_SECONDS)
        server.quit()
    except _FAILURES:
        # What the server took stays taken, however it says goodbye.
        server.close()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return smtp_answers.answer(error.smtp_code, error.smtp_error)
    return type(error).__name__
