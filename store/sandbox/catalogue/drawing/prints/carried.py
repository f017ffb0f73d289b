"""Plates for totes, mugs and socks."""

from math import cos, pi, sin

from store.sandbox.catalogue.drawing.colours import STRIPES
from store.sandbox.catalogue.drawing.lettering import Face, Figure
from store.sandbox.catalogue.drawing.plate import Plate

FLAG = tuple(STRIPES.values())


def paper_round(ink: str, accent: str) -> Plate:
    """A reel of newsprint seen from its end, six colours deep."""
    plate = Plate()
    for ring, colour in enumerate(FLAG):
        plate.ring((0, -60), 214 - ring * 27, 17, colour)
    plate.disc((0, -60), 38, ink)
    plate.rule(0, 136.5, 232, 17, FLAG[0])
    plate.type("Paper Round", Face.SERIF_BLACK, (0, 240), ink=ink, width=452)
    plate.type("DELIVERED DAILY, RAIN OR GLITTER", Face.SANS_BOLD, (0, 280), ink=accent, width=450)
    return plate


def foreign_correspondent(ink: str, accent: str) -> Plate:
    """An airmail envelope full of datelines."""
    plate = Plate()
    for side in (-1, 1):
        for step in range(11):
            x = -246 + step * 45
            y = side * 246
            plate.polygon(
                ((x + 14, y - 13), (x + 40, y - 13), (x + 26, y + 13), (x, y + 13)),
                ("#c8373b", "#2a55a5")[step % 2],
            )
    plate.type("FOREIGN", Face.POSTER, (0, -62), ink=ink, width=440)
    plate.type("CORRESPONDENT", Face.POSTER, (0, 14), ink=ink, width=440)
    plate.rule(-220, 40, 440, 4, accent)
    for row, places in enumerate(
        ("SYDNEY — MANCHESTER —", "MONTEVIDEO — TAIPEI —", "REYKJAVÍK — CAPE TOWN —")
    ):
        plate.type(places, Face.SANS_BOLD, (-220, 82 + row * 44), ink=ink, width=440, anchor=0)
    plate.type("filed from wherever you are", Face.BOOK_ITALIC, (0, 212), ink=accent, size=38)
    return plate


def supplement(ink: str) -> Plate:
    """Six searchlights over a city that is up late."""
    plate = Plate()
    for ray, colour in enumerate(FLAG):
        start, end = pi + ray * pi / 6 + 0.02, pi + (ray + 1) * pi / 6 - 0.02
        plate.polygon(
            (
                (0, 120),
                (270 * cos(start), 120 + 300 * sin(start)),
                (290 * cos((start + end) / 2), 120 + 322 * sin((start + end) / 2)),
                (270 * cos(end), 120 + 300 * sin(end)),
            ),
            colour,
        )
    plate.rule(-240, 128, 480, 8, ink)
    plate.type("The Mardi Gras", Face.SERIF_BLACK, (0, 196), ink=ink, width=420)
    plate.type("SUPPLEMENT · 2026", Face.POSTER, (0, 262), ink=ink, width=420)
    return plate


def no_comment(ink: str, accent: str) -> Plate:
    """A speech bubble with nothing to say."""
    plate = Plate()
    plate.path(_bubble(150, 104), ink)
    for dot in (-1, 0, 1):
        plate.disc((dot * 66, -14), 20, accent)
    return plate


def _bubble(half: float, tall: float) -> Figure:
    w, h, k = half, tall, 0.6
    return (
        ("M", ((-w, -14),)),
        ("C", ((-w, -h * k - 14), (-w * k, -h - 14), (0, -h - 14))),
        ("C", ((w * k, -h - 14), (w, -h * k - 14), (w, -14))),
        ("C", ((w, h * k - 14), (w * k, h - 14), (0, h - 14))),
        ("C", ((-20, h - 14), (-40, h - 16), (-56, h - 20))),
        ("C", ((-78, h + 20), (-112, h + 44), (-140, h + 50))),
        ("C", ((-122, h + 26), (-112, h - 8), (-112, h - 46))),
        ("C", ((-138, h * k - 24), (-w, 26), (-w, -14))),
        ("Z", ()),
    )


def deadline(ink: str, accent: str) -> Plate:
    """One minute to six."""
    plate = Plate()
    plate.ring((0, -96), 92, 9, ink)
    for tick in range(12):
        angle = tick * pi / 6
        plate.disc((74 * cos(angle), -96 + 74 * sin(angle)), 6 if tick % 3 == 0 else 3.4, ink)
    plate.hand((0, -96), 179.5, (-14, 44), 6, ink)
    plate.hand((0, -96), 354, (-14, 66), 4, accent)
    plate.disc((0, -96), 9, ink)
    plate.type("DEADLINE", Face.POSTER, (0, 90), ink=ink, width=300)
    plate.type("is a state of mind", Face.BOOK_ITALIC, (0, 132), ink=accent, size=34)
    return plate


def first_draft(ink: str, accent: str) -> Plate:
    """Copy with the sub-editor's pen in it."""
    plate = Plate()
    plate.type("I am a", Face.SERIF_BOLD, (-160, -84), ink=ink, size=74, anchor=0)
    plate.type("morning", Face.SERIF_BOLD, (-160, 14), ink=ink, size=74, anchor=0)
    plate.type("person.", Face.SERIF_BOLD, (-160, 104), ink=ink, size=74, anchor=0)
    plate.polygon(((-172, -4), (126, -18), (126, -9), (-172, 5)), accent)
    plate.type("coffee", Face.HAND, (62, -78), ink=accent, size=92, anchor=0)
    plate.polygon(((44, -66), (56, -66), (76, -34), (66, -34)), accent)
    plate.polygon(((96, -66), (84, -66), (66, -34), (76, -34)), accent)
    plate.type("ok — ed.", Face.HAND, (108, 150), ink=accent, size=48)
    return plate


def column_inches(ink: str, accent: str) -> Plate:
    """A type rule down the leg."""
    plate = Plate()
    for tick in range(33):
        length = 92 if tick % 8 == 0 else 56 if tick % 4 == 0 else 34
        plate.rule(-131, -190 + tick * 15, length, 5, ink)
        if tick % 8 == 0 and tick:
            plate.type(str(tick // 8), Face.POSTER, (-12, -176 + tick * 15), ink=accent, size=56)
    return plate


def footnotes(ink: str, accent: str) -> Plate:
    """Asterisks, daggers, sections: everything that sends you to the bottom of the page."""
    plate = Plate()
    marks = "*†‡§¶"
    for row in range(11):
        for column in range(8):
            mark = marks[(row * 3 + column * 2) % 5]
            x = -210 + column * 74 + (37 if row % 2 else 0)
            drop = 34 if mark == "*" else 18
            plate.type(
                mark,
                Face.SERIF_BLACK,
                (x, -160 + row * 78 + drop),
                ink=accent if (row + column) % 3 == 0 else ink,
                size=66,
            )
    return plate


def running_copy(ink: str, accent: str) -> Plate:
    """Lines of copy that cannot stand still."""
    plate = Plate()
    for row in range(24):
        y = -190 + row * 40
        x = -250 + (row * 67) % 90
        while x < 480:
            length = 44 + (int(x) * 7 + row * 31) % 70
            plate.polygon(
                ((x + 12, y), (x + 12 + length, y), (x + length, y + 15), (x, y + 15)),
                accent if (int(x) + row) % 4 == 0 else ink,
            )
            x += length + 30
    return plate
