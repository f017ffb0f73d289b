"""The door to a mailbox of ours: what lies in it, oldest first, and where it is put away."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from store.mail.imap_mailbox import ImapAddress, open_imap
from store.mail.maildir_mailbox import Maildir
from store.mail.waiting_mail import WaitingMail

LARGEST_MAIL_BYTES = 1024 * 1024
"""Of what is larger only the beginning is read; reports say all there is to say before that."""


class Mailbox(Protocol):
    """A folder with mails that wait, and folders beside it; raises UnavailableError."""

    def waiting(self, most: int) -> Iterator[WaitingMail]:
        """Yield so many mails at most, as far as they are read."""
        ...

    def put_away(self, mail: WaitingMail, folder: str) -> None:
        """Move it into this folder, which is made if need be."""
        ...


def open_mailbox(url: SecretStr) -> AbstractContextManager[Mailbox]:
    """Open imaps://user:password@host/FOLDER or maildir:///folder; raises UnavailableError."""
    parts = urlsplit(url.get_secret_value())
    if parts.scheme == "maildir":
        return _plain(Maildir(unquote(parts.path), LARGEST_MAIL_BYTES))
    return open_imap(ImapAddress.from_url(url.get_secret_value()), LARGEST_MAIL_BYTES)


@contextmanager
def _plain(mailbox: Maildir) -> Iterator[Mailbox]:
    yield mailbox
