"""Which files may come with a tip: what a newsroom reads, and nothing that runs."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from store.errors import InvalidError

LARGEST_FILE_BYTES = 8 * 1024 * 1024
"""What mail servers still take once it is encoded."""
LONGEST_NAME = 120
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By ending. What a browser claims is not believed, and nothing of ours ever opens the file."""
_UNSAFE = re.compile(r"[^\w.() -]|\.(?=\.)")


class TipFileRefusedError(InvalidError):
    """The file is empty, too large, or of a kind that the newsroom does not open."""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that may go into a mail: its name is safe to print, its type is ours."""

    name: str
    media_type: str
    content: bytes


def given_file(name: str, content: bytes) -> GivenFile:
    """Return the file under a safe name; raise TipFileRefusedError for what is not taken."""
    ending = PurePath(name).suffix.lower()
    if ending not in MEDIA_TYPES:
        raise TipFileRefusedError("a kind of file that the newsroom does not open")
    if not content:
        raise TipFileRefusedError("the file is empty")
    if len(content) > LARGEST_FILE_BYTES:
        raise TipFileRefusedError("the file is too large")
    return GivenFile(_safe_name(name, ending), MEDIA_TYPES[ending], content)


def _safe_name(name: str, ending: str) -> str:
    last = PurePath(name.replace("\\", "/")).name
    stem = _UNSAFE.sub("", last[: -len(ending)]).strip(" .")
    return f"{stem[: LONGEST_NAME - len(ending)] or 'file'}{ending}"
