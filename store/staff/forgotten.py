"""A forgotten password: the request is written down, and a worker looks whether anybody has it.

So the answer and its time are the same for every address.
"""

from dataclasses import dataclass
from typing import ClassVar

from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.mail.outgoing import mailable
from store.services import Services


@dataclass(frozen=True, slots=True)
class MailNewPassword(Job):
    kind: ClassVar[str] = "staff.mail_new_password"

    email: str
    cause: int
    """Number of the try: the same one mails once, however often it runs."""


def ask_for_help(email: str, cause: int, services: Services) -> None:
    """Have a worker mail a link, should anybody here have this address; flushes only.

    Raises UnmailableError.
    """
    enqueue(MailNewPassword(mailable(email).lower(), cause), services.clock)


def help_in(asked: MailNewPassword, services: Services) -> None:
    """Mail the link if this is somebody who came in before; flushes only.

    Whoever was invited and has not come in yet gets the invitation once more from an owner.
    """
    # Workers import who works here only when somebody forgot.
    from store.staff.messages import mail_new_password
    from store.staff.people import person_with

    user = person_with(asked.email)
    if user is not None and user.active and user.password is not None:
        mail_new_password(user, asked.cause, services)
