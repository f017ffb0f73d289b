"""Pictures as files, as people and attackers send them."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from store.media.storage import MediaStore, open_media

SIDES = (600, 750)


def a_picture(mode: str = "RGB", size: tuple[int, int] = SIDES) -> Image.Image:
    """Return a picture whose upper left is red and whose lower right is blue."""
    picture = Image.new("RGB", size, (240, 235, 225))
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((0, 0, width // 3, height // 3), fill=(200, 20, 30))
    draw.rectangle((2 * width // 3, 2 * height // 3, width, height), fill=(20, 40, 200))
    return picture.convert(mode)


def as_file(picture: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, format_, **options)
    return target.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG of some kilobytes whose header promises this many pixels."""
    row = b"\x00" + bytes(min(width, 50_000) * 3)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(row * 200, 9))
        + _chunk(b"IEND", b"")
    )


def png_with_a_huge_text() -> bytes:
    text = b"Comment\x00\x00" + zlib.compress(bytes(80 * 1024 * 1024), 9)
    png = as_file(a_picture(size=(8, 8)))
    return png[:33] + _chunk(b"zTXt", text) + png[33:]


def a_media(folder: Path) -> MediaStore:
    return open_media((folder / "media").as_uri())


def reopened(content: bytes | None) -> Image.Image:
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check
