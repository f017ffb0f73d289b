"""The door through which mail leaves the store."""

from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol, runtime_checkable

from store.errors import StoreError, UnavailableError


class MailRefusedError(StoreError):
    """The outside said no to this message for good; sending it again would not help."""

    def __init__(self, answer: str, *, is_unknown_mailbox: bool = False) -> None:
        super().__init__(answer)
        self.is_unknown_mailbox = is_unknown_mailbox
        """Whether nobody has this address, so that no other mail need be tried either."""


class Reach(StrEnum):
    """Whom else it concerns that a mail was put off."""

    MAILBOX = "mailbox"
    """Nobody: as when one mailbox is full."""
    DOMAIN = "domain"
    """Whoever else is written to there."""
    RELAY = "relay"
    """Everybody: our own mail server takes nothing now."""


class MailPutOffError(UnavailableError):
    """The outside said to try later, or said nothing; the same mail may be taken then."""

    def __init__(self, answer: str, reach: Reach, *, was_given: bool = True) -> None:
        super().__init__(f"the mail server: {answer}")
        self.answer = answer
        self.reach = reach
        self.was_given = was_given
        """Whether it was said of this mail; none is given to a server that is away."""


@runtime_checkable
class CheckedMailer(Protocol):
    """A mailer that can say whether the outside takes its mail, without sending any."""

    def check(self) -> None:
        """Raise UnavailableError with the reason when it does not."""


class Mailer(Protocol):
    """Hands one message to the outside.

    Raises MailPutOffError when trying later may help, MailRefusedError when it never will.
    """

    def send(self, message: EmailMessage) -> None: ...
