"""A mailbox on an IMAP server; the only module that speaks IMAP."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from store.errors import UnavailableError
from store.mail.waiting_mail import WaitingMail

PORT = 993
TIMEOUT_SECONDS = 20.0
"""For each answer of the server."""
_delimiter = re.compile(rb'\([^)]*\) "(.)"')
_folder = re.compile(r"[A-Za-z]{1,40}")


@dataclass(frozen=True, slots=True)
class ImapAddress:
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read imaps://user:password@host/FOLDER; the folder is INBOX where none is named."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORT,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )


@contextmanager
def open_imap(address: ImapAddress, most_bytes: int) -> Iterator["ImapMailbox"]:
    """Sign in and open the folder; raises UnavailableError with the reason."""
    with _said_plainly():
        server = imaplib.IMAP4_SSL(
            address.host,
            address.port,
            ssl_context=ssl.create_default_context(),
            timeout=TIMEOUT_SECONDS,
        )
    try:
        with _said_plainly():
            server.login(address.user, address.password)
            number = _number(server.select(_quoted(address.folder)))
        yield ImapMailbox(server, number, most_bytes)
    finally:
        _leave(server)


class ImapMailbox:
    def __init__(self, server: imaplib.IMAP4_SSL, number: int, most_bytes: int) -> None:
        self._server, self._number, self._most_bytes = server, number, most_bytes
        self._known_folders: dict[str, str] = {}

    def waiting(self, most: int) -> Iterator[WaitingMail]:
        if not self._number:
            return
        with _said_plainly():
            # By their places, so that no answer grows with the mailbox.
            found = _ok(
                self._server.uid("SEARCH", f"1:{min(self._number, most)}", "NOT", "DELETED")
            )
        for uid in found[0].split() if found and found[0] else []:
            with _said_plainly():
                asked = f"(BODY.PEEK[]<0.{self._most_bytes}>)"
                answer = _ok(self._server.uid("FETCH", uid.decode(), asked))
            raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if raw is not None:
                yield WaitingMail(uid.decode(), raw)

    def put_away(self, mail: WaitingMail, folder: str) -> None:
        with _said_plainly():
            there = _quoted(self._made(folder))
            if "MOVE" in self._server.capabilities:
                _ok(self._server.uid("MOVE", mail.key, there))
                return
            # Killed in between, it lies in both, and is taken once all the same.
            _ok(self._server.uid("COPY", mail.key, there))
            _ok(self._server.uid("STORE", mail.key, "+FLAGS.SILENT", r"(\Deleted)"))
            if "UIDPLUS" in self._server.capabilities:
                _ok(self._server.uid("EXPUNGE", mail.key))
            else:
                _ok(self._server.expunge())

    def _made(self, folder: str) -> str:
        """Return what the server calls this folder; some allow none beside the INBOX but in it."""
        assert _folder.fullmatch(folder)
        if folder not in self._known_folders:
            names = [folder, f"INBOX{self._separator()}{folder}"]
            made = next((name for name in names if self._has(name)), None)
            if made is None:
                raise UnavailableError(f"the mailbox: no folder {folder} can be made")
            self._known_folders[folder] = made
        return self._known_folders[folder]

    def _has(self, name: str) -> bool:
        if self._server.status(_quoted(name), "(MESSAGES)")[0] == "OK":
            return True
        return self._server.create(_quoted(name))[0] == "OK"

    def _separator(self) -> str:
        answer = _ok(self._server.list('""', '"INBOX"'))
        found = _delimiter.match(answer[0]) if answer and answer[0] else None
        return found[1].decode() if found else "/"


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except imaplib.IMAP4.error as error:
        raise UnavailableError(f"the mailbox: {_words(error)}") from error
    except OSError as error:
        raise UnavailableError(f"the mailbox: {type(error).__name__}") from error


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace")[:200] if isinstance(said, bytes) else str(said)[:200]


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(answer[1][0] if answer[1] else "no answer")
    return answer[1]


def _number(answer: tuple[str, list[Any]]) -> int:
    return int(_ok(answer)[0] or 0)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _leave(server: imaplib.IMAP4_SSL) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        # What was moved is moved, however it says goodbye.
        server.shutdown()
