"""Makes the widths and formats that pages ask for, once for each picture."""

import io
from enum import StrEnum

from PIL import Image, ImageOps

from store.errors import NotFoundError
from store.media.images import original_name
from store.media.storage import MediaStore

WIDTHS = (160, 320, 480, 640, 960, 1280)
CARD_SIZE = (1200, 630)
"""What social networks show beside a link: https://ogp.me/, in the ratio that they agree on."""
PAPER = (247, 243, 234)


class Format(StrEnum):
    WEBP = "webp"
    AVIF = "avif"


def rendition_name(content_hash: str, width: int, format: str) -> str:  # noqa: A002 - the word
    """Return such as ab/abcd…-640.avif; width is one of WIDTHS, format webp or avif."""
    return f"{content_hash[:2]}/{content_hash}-{width}.{Format(format)}"


def social_card_name(content_hash: str) -> str:
    """Return where the 1200 × 630 JPEG for links in social networks lies."""
    return f"{content_hash[:2]}/{content_hash}-card.jpg"


def make_renditions(content_hash: str, media: MediaStore) -> None:
    """Make what is missing of all widths in both formats, and the social card.

    Nothing is enlarged: a width beyond the original's holds the picture at its own width, so
    that every name answers. Raises NotFoundError when the original is not there.
    """
    original = media.get(original_name(content_hash))
    if original is None:
        raise NotFoundError("the picture's original is not in the media store")
    picture = _reduced(original)
    _make_widths(content_hash, picture, media)
    card = social_card_name(content_hash)
    if not media.exists(card):
        media.put(card, _card(picture))


def _reduced(original: bytes) -> Image.Image:
    """Return the picture at the largest width that is asked for; the decoder's memory is freed."""
    with Image.open(io.BytesIO(original), formats=["WEBP"]) as picture:
        return _at_width(picture, picture, WIDTHS[-1]).copy()


def _make_widths(content_hash: str, picture: Image.Image, media: MediaStore) -> None:
    smaller = picture
    for width in sorted(WIDTHS, reverse=True):
        missing = [
            format_
            for format_ in Format
            if not media.exists(rendition_name(content_hash, width, format_))
        ]
        smaller = _at_width(picture, smaller, width)
        for format_ in missing:
            name = rendition_name(content_hash, width, format_)
            media.put(name, _encode(smaller, format_))


def _at_width(picture: Image.Image, larger: Image.Image, width: int) -> Image.Image:
    """Return the picture at this width, made from the next larger one when that is sharp enough."""
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    source = larger if larger.width >= 2 * width else picture
    return source.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encode(picture: Image.Image, format_: Format) -> bytes:
    target = io.BytesIO()
    if format_ is Format.AVIF:
        # One thread a picture: whoever makes many spreads them over the processors.
        picture.save(target, "AVIF", quality=62, speed=8, max_threads=1)
    else:
        picture.save(target, "WEBP", quality=80, method=2)
    return target.getvalue()


def _card(picture: Image.Image) -> bytes:
    sheet = Image.new("RGB", CARD_SIZE, PAPER)
    fitted = ImageOps.contain(picture.convert("RGBA"), CARD_SIZE, Image.Resampling.LANCZOS)
    place = ((CARD_SIZE[0] - fitted.width) // 2, (CARD_SIZE[1] - fitted.height) // 2)
    sheet.paste(fitted, place, fitted)
    target = io.BytesIO()
    sheet.save(target, "JPEG", quality=82, optimize=True, progressive=True)
    return target.getvalue()
