"""Takes a picture in: decoded, cleaned, written anew, kept under the hash of what was written."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from store.media.decoding import PictureRefusedError, decode
from store.media.originals import original_name
from store.media.storage import MediaStore

__all__ = ["PictureRefusedError", "StoredPicture", "original_name", "store_picture"]

LONGEST_SIDE_PX = 2400
"""Twice what the largest rendition needs in height, for a crop or a wider screen to come."""
QUALITY = 92


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture in the media store; width and height are those of the cleaned original."""

    content_hash: str
    width: int
    height: int


def store_picture(content: bytes, media: MediaStore) -> StoredPicture:
    """Keep the picture without its metadata; the same bytes twice are one picture.

    Raises PictureRefusedError for what is no picture or too large a one.
    """
    picture, is_lossless = decode(content, longest_side_px=LONGEST_SIDE_PX)
    written = _write(picture, is_lossless=is_lossless)
    content_hash = hashlib.sha256(written).hexdigest()
    media.put(original_name(content_hash), written)
    return StoredPicture(content_hash, picture.width, picture.height)


def _write(picture: Image.Image, *, is_lossless: bool) -> bytes:
    target = io.BytesIO()
    if is_lossless:
        picture.save(target, "WEBP", lossless=True, quality=20, method=0)
    else:
        picture.save(target, "WEBP", quality=QUALITY, method=4)
    return target.getvalue()
