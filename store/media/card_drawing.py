"""Draws the card of a product: its picture on the left, brand and title on the right."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

from store.media.renditions import CARD_SIZE

PAPER, INK, INK_SOFT = (250, 247, 240), (29, 23, 19), (89, 81, 74)
HUES = {
    "red": (232, 37, 50),
    "orange": (244, 124, 0),
    "yellow": (245, 196, 13),
    "green": (15, 164, 77),
    "blue": (26, 111, 225),
    "violet": (137, 59, 191),
}
"""The style sheet's colours in daylight: a picture has no other light."""
PICTURE_WIDTH, MARGIN, BAR = 540, 56, 18
MOST_LINES = 5
SIZES = (76, 66, 58, 50, 44)

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(brand: str, title: str, hue: str, original: bytes, face: bytes | None) -> bytes:
    """Return the card as JPEG; the original is WebP, the face a font or nothing."""
    sheet = Image.new("RGB", CARD_SIZE, PAPER)
    with Image.open(io.BytesIO(original), formats=["WEBP"]) as picture:
        place = (PICTURE_WIDTH, CARD_SIZE[1])
        fitted = ImageOps.fit(picture.convert("RGBA"), place, Image.Resampling.LANCZOS)
    sheet.paste(fitted, (0, 0), fitted)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((PICTURE_WIDTH, 0, PICTURE_WIDTH + BAR, CARD_SIZE[1]), HUES.get(hue, INK))
    _write(pen, brand, title, face)
    target = io.BytesIO()
    sheet.save(target, "JPEG", quality=84, optimize=True, progressive=True)
    return target.getvalue()


def _write(pen: ImageDraw.ImageDraw, brand: str, title: str, face: bytes | None) -> None:
    left, right = PICTURE_WIDTH + BAR + MARGIN, CARD_SIZE[0] - MARGIN
    small = _face(face, 38)
    pen.text((left, MARGIN), brand, INK_SOFT, small)
    rule = MARGIN + 64
    pen.line((left, rule, right, rule), INK, 3)
    lines, size = _fitted(title, face, right - left)
    for place, line in enumerate(lines):
        pen.text((left, rule + 34 + place * round(size * 1.14)), line, INK, _face(face, size))


def _fitted(title: str, face: bytes | None, width: int) -> tuple[Sequence[str], int]:
    """Break the title into lines, as large as it can be; what is still too long is cut."""
    for size in SIZES:
        lines = _broken(title, _face(face, size), width)
        if len(lines) <= MOST_LINES and all(
            _face(face, size).getlength(ln) <= width for ln in lines
        ):
            return lines, size
    return _cut(lines, _face(face, size), width), size


def _broken(title: str, face: Face, width: int) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(lines: Sequence[str], face: Face, width: int) -> list[str]:
    shown = [_shortened(line, face, width) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown[-1] = _shortened(f"{lines[MOST_LINES - 1]}…", face, width)
    return shown


def _shortened(line: str, face: Face, width: int) -> str:
    while line and face.getlength(line) > width:
        line = f"{line.rstrip('…')[:-1]}…"
    return line


@lru_cache(maxsize=16)
def _face(face: bytes | None, size: int) -> Face:
    return ImageFont.truetype(io.BytesIO(face), size) if face else ImageFont.load_default(size)
