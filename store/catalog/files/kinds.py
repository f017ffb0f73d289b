"""What a file is, by its first bytes: its name and what a browser says of it are wishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from store.errors import InvalidError

HEAD_BYTES = 1_024
EPUB = b"mimetypeapplication/epub+zip"
"""What every EPUB begins with, thirty bytes in: its first entry, stored as it is (OCF 3.3, 4.2)."""


class UnknownKindError(InvalidError):
    """It begins as nothing does that is sold here."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind by its ending, its media type and what readers call it."""

    ending: str
    media_type: str
    name: str


KINDS: Mapping[str, FileKind] = {
    kind.ending: kind
    for kind in (
        FileKind("pdf", "application/pdf", "PDF"),
        FileKind("epub", "application/epub+zip", "EPUB"),
        FileKind("zip", "application/zip", "ZIP"),
        FileKind("mp3", "audio/mpeg", "MP3"),
        FileKind("m4a", "audio/mp4", "M4A"),
        FileKind("m4b", "audio/mp4", "M4B"),
        FileKind("ogg", "audio/ogg", "OGG"),
        FileKind("flac", "audio/flac", "FLAC"),
        FileKind("wav", "audio/wav", "WAV"),
        FileKind("jpg", "image/jpeg", "JPEG"),
        FileKind("png", "image/png", "PNG"),
        FileKind("gif", "image/gif", "GIF"),
        FileKind("webp", "image/webp", "WebP"),
        FileKind("avif", "image/avif", "AVIF"),
    )
}
"""All kinds that may be sold. None of them is a page or a program that a browser would run."""
BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
BRANDS = {b"M4A ": "m4a", b"M4B ": "m4b", b"avif": "avif", b"avis": "avif"}
"""What a file of ISO/IEC 14496-12 says it is, eight bytes in."""
RIFFS = {b"WAVE": "wav", b"WEBP": "webp"}


def kind_of(content: IO[bytes]) -> FileKind:
    """Return what these bytes are, and leave them where they begin; raises UnknownKindError."""
    head = content.read(HEAD_BYTES)
    content.seek(0)
    ending = _ending(head)
    if ending is None:
        raise UnknownKindError("no PDF, EPUB, ZIP, sound or picture begins like this")
    return KINDS[ending]


def _ending(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12])
    if head[:4] == b"RIFF":
        return RIFFS.get(head[8:12])
    if head[:4] == b"PK\x03\x04" and head[30 : 30 + len(EPUB)] == EPUB:
        return "epub"
    found = next((ending for start, ending in BEGINNINGS if head.startswith(start)), None)
    return found or ("mp3" if _is_mpeg_audio(head) else None)


def _is_mpeg_audio(head: bytes) -> bool:
    """Say whether it begins with a frame of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    has_version = head[1] & 0x18 != 0x08
    return has_version and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C
