"""A mail that lies in a mailbox of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """What the mailbox calls it, and its bytes as far as they are read."""

    key: str
    raw: bytes
