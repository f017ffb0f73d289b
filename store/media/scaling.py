"""Reduces one picture to the widths and formats that are asked for, and lays it on a card."""

import io
from collections.abc import Collection, Iterator

from PIL import Image, ImageOps

PAPER = (247, 243, 234)


def reduced(original: bytes, width: int) -> Image.Image:
    """Return the picture at the largest width that is asked for; the decoder's memory is freed."""
    with Image.open(io.BytesIO(original), formats=["WEBP"]) as picture:
        return _at_width(picture, picture, width).copy()


def written_widths(
    picture: Image.Image, forms: Collection[tuple[int, str]]
) -> Iterator[tuple[tuple[int, str], bytes]]:
    """Yield the picture's bytes in each of these widths and formats, the larger widths first."""
    smaller = picture
    for width in sorted({width for width, _ in forms}, reverse=True):
        smaller = _at_width(picture, smaller, width)
        for form in forms:
            if form[0] == width:
                yield form, _encode(smaller, form[1])


def social_card(picture: Image.Image, size: tuple[int, int]) -> bytes:
    """Return the whole picture in the middle of a sheet of this size, as JPEG."""
    sheet = Image.new("RGB", size, PAPER)
    fitted = ImageOps.contain(picture.convert("RGBA"), size, Image.Resampling.LANCZOS)
    place = ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2)
    sheet.paste(fitted, place, fitted)
    target = io.BytesIO()
    sheet.save(target, "JPEG", quality=82, optimize=True, progressive=True)
    return target.getvalue()


def _at_width(picture: Image.Image, larger: Image.Image, width: int) -> Image.Image:
    """Return the picture at this width, made from the next larger one when that is sharp enough."""
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    source = larger if larger.width >= 2 * width else picture
    return source.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encode(picture: Image.Image, format_: str) -> bytes:
    target = io.BytesIO()
    if format_ == "avif":
        # One thread a picture: whoever makes many spreads them over the processors.
        picture.save(target, "AVIF", quality=62, speed=8, max_threads=1)
    else:
        picture.save(target, "WEBP", quality=80, method=2)
    return target.getvalue()
