"""What lies at the counter: gift cards, and the sticker of those who pay for the paper."""

from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, STRIPES
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.drawing.stickers import Sticker, pill

FLAG = tuple(STRIPES.values())


def gift_card() -> Plate:
    """Six stripes down the left, the headline, and what it is good for."""
    plate = Plate()
    for row, colour in enumerate(FLAG):
        plate.rule(-410, -258 + row * 86, 96, 86, colour)
    plate.type("GAY NATION", Face.POSTER, (48, -150), ink=NEWSPRINT, size=58, tracking=60)
    plate.rule(-250, -116, 600, 5, NEWSPRINT)
    plate.type("Choose", Face.SERIF_BLACK, (48, 24), ink=NEWSPRINT, size=150)
    plate.type("your own story", Face.SERIF_ITALIC, (48, 108), ink=NEWSPRINT, size=82)
    plate.rule(-250, 150, 600, 2, NEWSPRINT)
    plate.type(
        "GIFT CARD · PAY TO THE BEARER, IN SHIRTS",
        Face.SANS_BOLD,
        (48, 196),
        ink=NEWSPRINT,
        size=26,
    )
    return plate


def sleeve() -> Plate:
    """A letter without an address."""
    plate = Plate()
    plate.type("Stop press", Face.SERIF_BLACK_ITALIC, (0, 0), ink=INK, size=118)
    plate.type("there is something in here for you", Face.BOOK, (0, 72), ink=INK, size=42)
    for column, colour in enumerate(FLAG):
        plate.rule(-180 + column * 60, 120, 60, 10, colour)
    return plate


def supporter() -> Sticker:
    """Round, with the flag behind the words of a receipt."""
    plate = Plate()
    for row, colour in enumerate(FLAG):
        plate.rule(-125, -125 + row * 41.7, 250, 42, colour)
    plate.disc((0, 0), 90, INK)
    plate.type("PAID FOR", Face.POSTER, (0, -12), ink=NEWSPRINT, size=36)
    plate.type("by readers", Face.SERIF_BLACK_ITALIC, (0, 28), ink=NEWSPRINT, size=30)
    return Sticker(pill(240, 240, 120), "#ffffff", plate)
