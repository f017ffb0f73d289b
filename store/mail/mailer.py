"""The door through which mail leaves the store."""

from email.message import EmailMessage
from typing import Protocol

from store.errors import StoreError


class MailRefusedError(StoreError):
    """The outside said no to this message for good; sending it again would not help."""


class Mailer(Protocol):
    """Hands one message to the outside.

    Raises UnavailableError when trying later may help, MailRefusedError when it never will.
    """

    def send(self, message: EmailMessage) -> None: ...
