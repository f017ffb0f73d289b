"""Plates for T-shirts: about 440 units wide, around the middle of the chest."""

from math import cos, pi, sin

from store.sandbox.catalogue.drawing.lettering import Face, set_line
from store.sandbox.catalogue.drawing.plate import Plate


def above_the_fold(ink: str, accent: str) -> Plate:
    """The upper half of a front page, and the line where the paper was folded."""
    plate = Plate()
    plate.rule(-220, -214, 440, 8, ink)
    plate.rule(-220, -201, 440, 2, ink)
    plate.type(
        "No. 1   ·   SYDNEY   ·   PRICE: YOUR FULL ATTENTION",
        Face.SANS_BOLD,
        (0, -178),
        ink=ink,
        width=436,
    )
    plate.rule(-220, -167, 440, 2, ink)
    plate.type("Above", Face.SERIF_BLACK, (0, -40), ink=ink, width=442)
    plate.type("the Fold", Face.SERIF_BLACK, (0, 76), ink=ink, width=442)
    for step in range(23):
        plate.rule(-238 + step * 21, 112, 12, 4, accent)
    _columns(plate, ink)
    return plate


def _columns(plate: Plate, ink: str) -> None:
    """Text too small to read: three columns of bars, the last row of each short."""
    for column, last in enumerate((0.62, 0.44, 0.8)):
        for line in range(5):
            ragged = last if line == 4 else 1 - 0.07 * ((line + column) % 2)
            plate.rule(-220 + column * 152.7, 140 + line * 14, 134.7 * ragged, 5, ink)


def love_is_the_lead(ink: str, accent: str) -> Plate:
    """A lead paragraph with a drop cap."""
    plate = Plate()
    plate.type("L", Face.SERIF_BLACK, (-226, 58), ink=accent, size=348, anchor=0)
    for text, y in (("ove is", -118), ("the lead.", -30), ("The rest", 58)):
        plate.type(text, Face.SERIF_BOLD, (6, y), ink=ink, size=66, anchor=0)
    plate.type("is a sidebar.", Face.SERIF_BOLD, (-222, 150), ink=ink, width=446, anchor=0)
    plate.rule(-222, 182, 446, 4, accent)
    return plate


def corrections(ink: str, accent: str, ground: str) -> Plate:
    """A correction, boxed as they are on page two."""
    plate = Plate()
    plate.frame((-190, -220, 380, 430), 4, ink)
    plate.rule(-190, -220, 380, 84, ink)
    plate.type("Corrections", Face.SERIF_BLACK, (0, -179), ink=ground, size=36)
    plate.type("& CLARIFICATIONS", Face.SANS_BOLD, (0, -150), ink=ground, size=19, tracking=160)
    lines = (
        "An earlier edition",
        "described this as",
        "a phase. It is, in",
        "fact, the whole",
        "story. We regret",
        "nothing.",
    )
    for row, text in enumerate(lines):
        face = Face.SERIF_BLACK_ITALIC if text == "nothing." else Face.SERIF_SEMIBOLD
        plate.type(
            text,
            face,
            (-166, -88 + row * 51),
            ink=accent if text == "nothing." else ink,
            size=41,
            anchor=0,
        )
    plate.rule(-166, 186, 332, 3, accent)
    return plate


def hold_the_front_page(ink: str, accent: str) -> Plate:
    """Wood type, four lines to the same measure."""
    plate = Plate()
    plate.type("HOLD", Face.POSTER, (0, -54), ink=ink, width=436)
    plate.rule(-218, -16, 132, 7, accent)
    plate.rule(86, -16, 132, 7, accent)
    plate.rule(-218, -2, 132, 7, accent)
    plate.rule(86, -2, 132, 7, accent)
    plate.type("THE", Face.POSTER, (0, 12), ink=accent, size=58, tracking=60)
    plate.type("FRONT", Face.POSTER, (0, 186), ink=ink, width=436)
    plate.type("PAGE", Face.POSTER, (0, 404), ink=ink, width=436)
    smaller = Plate()
    smaller.add(plate, y=-58, scale=0.68)
    return smaller


def off_the_record(ink: str, accent: str) -> Plate:
    """A struck-out statement; what is left of it can be read."""
    plate = Plate()
    plate.type(
        "STATEMENT, OFF THE RECORD", Face.SANS_BOLD, (-218, -196), ink=ink, width=300, anchor=0
    )
    rows: tuple[tuple[float | str, ...], ...] = (
        (120.0, 90.0, "we", 96.0),
        (64.0, "were", 180.0),
        (150.0, "always", 60.0),
        (70.0, 104.0, "here", 84.0),
        (250.0, 170.0),
    )
    for row, pieces in enumerate(rows):
        x, base = -218.0, -116.0 + row * 76
        for piece in pieces:
            if isinstance(piece, str):
                plate.type(piece, Face.SERIF_BOLD, (x, base), ink=accent, size=66, anchor=0)
                x += set_line(piece, Face.SERIF_BOLD, 66).width + 16
            else:
                plate.rule(x, base - 46, piece, 54, ink)
                x += piece + 16
    return plate


def still_in_print(ink: str, accent: str) -> Plate:
    """A rising sun in halftone dots."""
    plate = Plate()
    for row in range(17):
        for column in range(29):
            x, y = (column - 14) * 15.6 + (7.8 if row % 2 else 0), -214 + row * 15.0
            reach = (x * x + (y - 40) ** 2) ** 0.5
            if reach < 232 and y < 30:
                plate.disc((x, y), 8.4 * (0.30 + 0.70 * (y + 214) / 244), accent)
    plate.type("Still in Print", Face.SERIF_BLACK, (0, 128), ink=ink, width=446)
    plate.rule(-222, 150, 444, 4, ink)
    plate.type("FIRST PUBLISHED SOME TIME AGO", Face.SANS_BOLD, (0, 184), ink=ink, width=440)
    return plate


def love_all(ink: str, accent: str) -> Plate:
    """A tennis score, on the court it was made on."""
    plate = Plate()
    plate.frame((-212, -214, 424, 404), 6, accent)
    for x in (-174, 168):
        plate.rule(x, -214, 6, 404, accent)
    for x in (-212, 174):
        plate.rule(x, -15, 38, 6, accent)
    plate.rule(-250, -20, 500, 14, accent)
    plate.type("LOVE", Face.POSTER, (0, -48), ink=ink, width=296)
    plate.type("ALL", Face.POSTER, (0, 158), ink=ink, width=222)
    plate.disc((193, -168), 15, ink)
    return plate


def stop_the_presses(ink: str, accent: str) -> Plate:
    """Three cylinders of a press with the web running through them."""
    plate = Plate()
    for x, y in ((-142, -150), (0, -118), (142, -150)):
        plate.ring((x, y), 60, 9, ink)
        plate.disc((x, y), 13, ink)
        for spoke in range(6):
            angle = spoke * pi / 3 + x / 300
            plate.disc((x + 34 * cos(angle), y + 34 * sin(angle)), 6, ink)
    plate.rule(-236, -92, 110, 7, accent)
    plate.polygon(((-126, -92), (-60, -118), (-56, -110), (-124, -85)), accent)
    plate.polygon(((60, -118), (126, -92), (124, -85), (56, -110)), accent)
    plate.rule(126, -92, 110, 7, accent)
    plate.type("STOP", Face.POSTER, (0, 132), ink=ink, width=436)
    plate.type("THE PRESSES", Face.POSTER, (0, 226), ink=accent, width=436)
    smaller = Plate()
    smaller.add(plate, y=-10, scale=0.94)
    return smaller
