"""The door through which mail leaves the store."""

from email.message import EmailMessage
from typing import Protocol


class Mailer(Protocol):
    """Hands one message to the outside; raises UnavailableError when trying later may help."""

    def send(self, message: EmailMessage) -> None: ...
