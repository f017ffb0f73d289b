"""Reads the store's mail files: what a list shows of them, and one of them whole."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

SHOWN = 200
_name = re.compile(r"\d{8}T\d{6}-[0-9a-f]{12}\.eml")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail; text and html are empty where the mail has no such part."""

    name: str
    sender: str
    recipient: str
    subject: str
    written_at: datetime
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def newest(folder: Path) -> list[Letter]:
    """Return the latest mails, newest first."""
    names = [path.name for path in folder.glob("*.eml") if _name.fullmatch(path.name)]
    found = [letter(folder, name) for name in sorted(names, reverse=True)[:SHOWN]]
    return [one for one in found if one is not None]


def letter(folder: Path, name: str) -> Letter | None:
    """Return the mail of this file name, or None when there is none."""
    path = folder / name
    if not _name.fullmatch(name) or not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return Letter(
        name=name,
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        written_at=parsedate_to_datetime(str(message["Date"])),
        headers=tuple((key, str(value)) for key, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())
