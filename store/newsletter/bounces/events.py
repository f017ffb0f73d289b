"""What comes back after a mail has left: one vocabulary, whoever tells it."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from store.errors import InvalidError

MAILBOX = "mailbox"
"""Who tells of what lies in our own mailbox; anybody may write there, so it proves nothing."""
LONGEST_DIAGNOSTIC = 400
LONGEST_REASON = 200
_address = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")
_message_id = re.compile(r"<?([^\s<>@]{1,120}@[^\s<>@]{1,120})>?")


class UnclearReportError(InvalidError):
    """It cannot be told what came back; the words say why, for staff."""

    def __init__(self, reason: str, *, is_letter: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_letter = is_letter
        """A person may have written it: its words are none of the store's business."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail to one address, and what was said of it.

    message_id stands in angle brackets, or is empty where nobody said which mail it was.
    """

    provider: str
    event_id: str
    """What the teller calls it: told twice, it is the same."""
    recipient: str
    message_id: str
    at: datetime
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class HardBounce(Returned):
    """Nobody is there, and nobody will be."""


@dataclass(frozen=True, slots=True)
class SoftBounce(Returned):
    """It did not arrive this time: a full mailbox, a server that blocks us or does not answer."""


@dataclass(frozen=True, slots=True)
class Complaint(Returned):
    """Its reader called it spam."""


Event = HardBounce | SoftBounce | Complaint


def fingerprint(text: str) -> str:
    """Return what stands for a name of any length, such as an event's or a token's."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def message_id_in(text: object) -> str:
    """Return the first Message-ID of a text, in angle brackets; empty where there is none."""
    found = _message_id.search(text) if isinstance(text, str) else None
    return f"<{found[1]}>" if found else ""


def one_line(text: object, longest: int = LONGEST_DIAGNOSTIC) -> str:
    """Return a text as one line that every database keeps."""
    signs = text if isinstance(text, str) else ""
    words = "".join(sign if sign.isprintable() else " " for sign in signs)
    return " ".join(words.split())[:longest]


def without_addresses(text: str) -> str:
    """Return a text that names nobody: diagnoses quote the address, and outlive its erasure."""
    return _address.sub("…", text)
