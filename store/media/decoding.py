"""Judges what somebody gave us as a picture by decoding it, and returns clean pixels or refuses."""

import io
import struct

from PIL import Image, ImageCms, ImageOps

from store.errors import InvalidError

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
LOSSLESS = frozenset({"PNG", "GIF"})

# Pillow refuses twice this by itself while it reads the header; below that we ask for the size.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# What Pillow's decoders raise on bytes that are no picture, as random input has shown.
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    ArithmeticError,
    LookupError,
    RuntimeError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_srgb = ImageCms.createProfile("sRGB")


class PictureRefusedError(InvalidError):
    """These bytes are no picture that the store can keep; the words say why."""


def decode(content: bytes, *, longest_side_px: int) -> tuple[Image.Image, bool]:
    """Return upright sRGB pixels without any metadata, and whether the source was lossless.

    A larger picture is reduced to the longest side. Raises PictureRefusedError for anything that
    is not wholly decoded as JPEG, PNG, WebP, AVIF or GIF (its first frame), or is too large.
    """
    if len(content) > MAX_BYTES:
        raise PictureRefusedError("the file is larger than 25 MB")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            _refuse_too_many_pixels(picture)
            is_lossless = picture.format in LOSSLESS
            return _clean(picture, longest_side_px), is_lossless
    except PictureRefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefusedError("the picture has more than 50 million pixels") from error
    except _UNREADABLE as error:
        raise PictureRefusedError("the file is no whole JPEG, PNG, WebP, AVIF or GIF") from error


def _refuse_too_many_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise PictureRefusedError("the picture has more than 50 million pixels")


def _clean(picture: Image.Image, longest_side_px: int) -> Image.Image:
    # A JPEG can be decoded at a half or a quarter, which saves most of the memory.
    picture.draft(None, (longest_side_px, longest_side_px))
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(_eight_bits(picture))
    upright.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    coloured = _in_srgb(upright, profile)
    # Painted anew: nothing of the file but its pixels comes along.
    clean = Image.new(coloured.mode, coloured.size)
    clean.paste(coloured)
    return clean


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture of eight bits a channel that can be resized: L, RGB, RGBA, CMYK or LAB."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    if picture.mode in {"L", "RGB", "CMYK", "LAB"}:
        picture.load()
        return picture
    return picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the same colours for screens; a profile that does not fit its picture is ignored."""
    target = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, _srgb, outputMode=target)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return _without_idle_alpha(converted)
    return _without_idle_alpha(picture.convert(target))


def _without_idle_alpha(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return picture.convert("RGB")
    return picture
