"""One page with every product at card size and its name: `python -m store.sandbox.catalogue.contact_sheet FILE`."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from store.sandbox.catalogue import DemoCatalogue, DemoCollection, DemoPicture, catalogue
from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, STRIPES
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import document
from store.sandbox.catalogue.raster import raster

CARD_WIDTH, CARD_HEIGHT = 220, 275
COLUMNS, GAP, MARGIN = 7, 18, 40
HEADER, CAPTION, MASTHEAD = 62, 44, 120
WIDTH = 2 * MARGIN + COLUMNS * CARD_WIDTH + (COLUMNS - 1) * GAP

Card = tuple[DemoPicture, str]


def contact_sheet(target: Path) -> None:
    """Draws the page and writes it as WebP."""
    sections = list(_sections(catalogue()))
    height = MASTHEAD + sum(_section_height(cards) for _, cards in sections) + MARGIN
    words = Plate()
    _masthead(words)
    pictures: list[tuple[DemoPicture, int, int]] = []
    top = MASTHEAD
    for section, cards in sections:
        pictures += _lay_section(words, section, cards, top)
        top += _section_height(cards)
    page = _opened(raster(_ground(words, height), WIDTH))
    for picture, x, y in pictures:
        drawn = _opened(raster(picture.svg(), 2 * CARD_WIDTH))
        page.paste(drawn.resize((CARD_WIDTH, CARD_HEIGHT), Image.Resampling.LANCZOS), (x, y))
    target.parent.mkdir(parents=True, exist_ok=True)
    page.save(target, "WEBP", quality=84, method=6)


def _sections(goods: DemoCatalogue) -> Iterator[tuple[DemoCollection, list[Card]]]:
    """Each section's flat-lay, then the products that lie on its paper."""
    for section in goods.collections:
        cards: list[Card] = [(section.picture, section.title)]
        cards += [
            (product.pictures[0], _name(product.title, product.status))
            for product in goods.products
            if product.collections[0] == section.handle
        ]
        yield section, cards


def _name(title: str, status: str) -> str:
    return title if status == "active" else f"{title} ({status})"


def _section_height(cards: list[Card]) -> int:
    rows = -(-len(cards) // COLUMNS)
    return HEADER + rows * (CARD_HEIGHT + CAPTION)


def _masthead(words: Plate) -> None:
    words.type("Gay Nation", Face.SERIF_BLACK, (MARGIN, 66), ink=INK, size=54, anchor=0)
    line = "The store, every product once"
    words.type(line, Face.BOOK_ITALIC, (WIDTH - MARGIN, 66), ink=INK, size=26, anchor=1)
    words.rule(MARGIN, 84, WIDTH - 2 * MARGIN, 6, INK)


def _lay_section(
    words: Plate, section: DemoCollection, cards: list[Card], top: int
) -> list[tuple[DemoPicture, int, int]]:
    """Sets the section's title and captions; says where its pictures go."""
    words.rule(MARGIN, top + 6, WIDTH - 2 * MARGIN, 4, STRIPES[section.hue])
    words.type(section.title, Face.SERIF_BOLD, (MARGIN, top + 40), ink=INK, size=26, anchor=0)
    spots = []
    for place, (picture, name) in enumerate(cards):
        x = MARGIN + place % COLUMNS * (CARD_WIDTH + GAP)
        y = top + HEADER + place // COLUMNS * (CARD_HEIGHT + CAPTION)
        spots.append((picture, x, y))
        for row, text in enumerate(_wrapped(name)):
            words.type(
                text, Face.SANS, (x, y + CARD_HEIGHT + 17 + row * 16), ink=INK, size=14, anchor=0
            )
    return spots


def _wrapped(name: str, letters: int = 30) -> list[str]:
    """A name on one line, or on two."""
    if len(name) <= letters:
        return [name]
    cut = name.rfind(" ", 0, letters)
    return [name[:cut], name[cut + 1 :]]


def _ground(words: Plate, height: int) -> str:
    paper = f'<rect width="{WIDTH}" height="{height}" fill="{NEWSPRINT}"/>'
    return document(paper + words.pressed(at(0, 0)), size=(WIDTH, height))


def _opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


if __name__ == "__main__":
    contact_sheet(Path(sys.argv[1]))
