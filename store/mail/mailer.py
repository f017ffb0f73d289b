"""The door through which mail leaves the store."""

from email.message import EmailMessage
from typing import Protocol, runtime_checkable

from store.errors import StoreError


class MailRefusedError(StoreError):
    """The outside said no to this message for good; sending it again would not help."""


@runtime_checkable
class CheckedMailer(Protocol):
    """A mailer that can say whether the outside takes its mail, without sending any."""

    def check(self) -> None:
        """Raise UnavailableError with the reason when it does not."""


class Mailer(Protocol):
    """Hands one message to the outside.

    Raises UnavailableError when trying later may help, MailRefusedError when it never will.
    """

    def send(self, message: EmailMessage) -> None: ...
