"""An SMTP server on loopback that answers as a test tells it to."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

TAKEN = "250 OK"


@dataclass
class PostOffice:
    """What it has taken, and what it says at RCPT and at the end of DATA."""

    recipient_answer: str = TAKEN
    data_answer: str = TAKEN
    hangs_up_in_data: bool = False
    silent_seconds: float = 0.0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.silent_seconds)
        if self.data_answer == TAKEN:
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
            self.recipients += envelope.rcpt_tos
        if self.hangs_up_in_data:
            assert server.transport is not None
            server.transport.close()
        return self.data_answer


@contextmanager
def open_post_office(office: PostOffice) -> Iterator[PostOffice]:
    controller = Controller(
        office, hostname="127.0.0.1", port=free_port(), decode_data=False, enable_SMTPUTF8=False
    )
    controller.start()
    office.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield office
    finally:
        controller.stop()
