"""Keeps mail as files, one a message, where no mail server is set; any mail program opens them."""

import hashlib
import os
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path


class FileMailer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / file_name(message)
        # A reader of the folder sees the whole message or none; sent twice, it is still one file.
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_bytes(_as_bytes(message))
        partial.replace(path)


def file_name(message: EmailMessage) -> str:
    """Return a name that sorts by date and stays the same for the same Message-ID."""
    written = parsedate_to_datetime(message["Date"])
    mark = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:12]
    return f"{written:%Y%m%dT%H%M%S}-{mark}.eml"


def _as_bytes(message: EmailMessage) -> bytes:
    needs_utf8 = not str(message["To"]).isascii()
    return message.as_bytes(policy=SMTP.clone(utf8=needs_utf8))
