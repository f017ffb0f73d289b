"""Draws the picture that social networks show beside a link to a product: its picture, its title.

No price stands on it: networks keep such a picture for weeks.
"""

import io
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256

from PIL import Image, ImageDraw, ImageFont, ImageOps

from store.media.images import original_name
from store.media.renditions import CARD_SIZE
from store.media.storage import MediaStore

DRAWING = 1
"""Rises when cards are drawn in another way: then each has another name."""
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
DRAWABLE = frozenset(range(0x20, 0x180)) | {
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x20AC)
}
"""The letters that the face holds; a title with others is not drawn, rather than in boxes."""

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont

_digest = re.compile(r"[0-9a-f]{32}")

# Drawing is hungry: two at once would double what a process needs at its peak.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class CardWords:
    """All that a card is made of, beside the face."""

    brand: str
    title: str
    hue: str
    content_hash: str

    @property
    def digest(self) -> str:
        """The name of this very card: other words or another picture have another."""
        made_of = json.dumps([DRAWING, asdict(self)], sort_keys=True)
        return sha256(made_of.encode()).hexdigest()[:32]

    @property
    def can_be_drawn(self) -> bool:
        return bool(self.content_hash) and all(
            ord(letter) in DRAWABLE for letter in self.brand + self.title
        )


def card_name(digest: str) -> str:
    return f"cards/{digest[:2]}/{digest}.jpg"


def kept_card(digest: str, media: MediaStore) -> bytes | None:
    """Return a card that was drawn once, also of a product that is called otherwise by now."""
    return media.get(card_name(digest)) if _digest.fullmatch(digest) else None


def drawn_card(words: CardWords, media: MediaStore, face: bytes | None) -> bytes | None:
    """Return the card, drawn if nobody asked for it before; None without the picture's original.

    Without a face a plain one stands in.
    """
    name = card_name(words.digest)
    with _one_at_a_time:
        known = media.get(name)
        if known is not None:
            return known
        original = media.get(original_name(words.content_hash))
        if original is None:
            return None
        card = _draw(words, original, face)
        media.put(name, card)
        return card


def _draw(words: CardWords, original: bytes, face: bytes | None) -> bytes:
    sheet = Image.new("RGB", CARD_SIZE, PAPER)
    with Image.open(io.BytesIO(original), formats=["WEBP"]) as picture:
        place = (PICTURE_WIDTH, CARD_SIZE[1])
        fitted = ImageOps.fit(picture.convert("RGBA"), place, Image.Resampling.LANCZOS)
    sheet.paste(fitted, (0, 0), fitted)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((PICTURE_WIDTH, 0, PICTURE_WIDTH + BAR, CARD_SIZE[1]), HUES.get(words.hue, INK))
    _write(pen, words, face)
    target = io.BytesIO()
    sheet.save(target, "JPEG", quality=84, optimize=True, progressive=True)
    return target.getvalue()


def _write(pen: ImageDraw.ImageDraw, words: CardWords, face: bytes | None) -> None:
    left, right = PICTURE_WIDTH + BAR + MARGIN, CARD_SIZE[0] - MARGIN
    brand = _face(face, 38)
    pen.text((left, MARGIN), words.brand, INK_SOFT, brand)
    rule = MARGIN + 64
    pen.line((left, rule, right, rule), INK, 3)
    lines, size = _fitted(words.title, face, right - left)
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
