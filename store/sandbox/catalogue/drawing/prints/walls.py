"""Plates for the wall: 552 × 852 units around the middle of the sheet."""

from itertools import pairwise
from math import atan2, cos, pi, sin

from store.sandbox.catalogue.drawing.colours import INK, STRIPES
from store.sandbox.catalogue.drawing.lettering import Command, Face, Figure
from store.sandbox.catalogue.drawing.plate import Plate

FLAG = tuple(STRIPES.values())


def fifty_three() -> Plate:
    """One line for each person arrested in Sydney on the night of 24 June 1978."""
    plate = Plate()
    for line in range(53):
        x = -226 + line * (452 / 52)
        rise = 30 * sin(line * 0.55) + 22 * sin(line * 1.9 + 1)
        plate.rule(x - 2.6, -352 + rise * 0.5, 5.2, 500 - rise, FLAG[line * 6 // 53])
    plate.type("Fifty-Three", Face.SERIF_BLACK, (-228, 256), ink=INK, width=456, anchor=0)
    plate.rule(-228, 282, 456, 3, INK)
    plate.type("SYDNEY, 24 JUNE 1978", Face.SANS_BOLD, (-228, 318), ink=INK, width=340, anchor=0)
    plate.type(
        "One line for each person arrested.",
        Face.BOOK_ITALIC,
        (-228, 356),
        ink=INK,
        size=27,
        anchor=0,
    )
    return plate


def result() -> Plate:
    """The postal survey of 2017 as two bars of a hundred rows each."""
    plate = Plate()
    plate.type("61.6", Face.SERIF_BLACK, (-232, -186), ink=INK, width=464, anchor=0)
    for row in range(100):
        x, y = -228 + (row % 10) * 46.4, -140 + (row // 10) * 37
        colour = FLAG[(row // 10) * 6 // 7 if row < 62 else 0] if row < 62 else "#d9d2c4"
        plate.rule(x, y, 38, 28, colour)
    plate.polygon(
        (
            (-228 + 46.4 + 22.8, -140 + 222),
            (-228 + 46.4 + 38, -140 + 222),
            (-228 + 46.4 + 38, -140 + 250),
            (-228 + 46.4 + 22.8, -140 + 250),
        ),
        "#d9d2c4",
    )
    plate.rule(-228, 254, 456, 3, INK)
    plate.type("per cent said yes.", Face.SERIF_BOLD, (-228, 304), ink=INK, size=48, anchor=0)
    plate.type(
        "AUSTRALIA, 15 NOVEMBER 2017", Face.SANS_BOLD, (-228, 346), ink=INK, width=330, anchor=0
    )
    return plate


def word_square(words: tuple[str, ...]) -> Plate:
    """A grid of words that read across and down; the first is filled in."""
    plate, cell, left, top = Plate(), 90.0, -225.0, -250.0
    plate.type("The Saturday Square", Face.SERIF_BLACK, (left, -306), ink=INK, width=450, anchor=0)
    plate.rule(left, -288, 450, 4, INK)
    for row in range(len(words)):
        for column, letter in enumerate(words[row]):
            x, y = left + column * cell, top + row * cell
            plate.frame((x, y, x + cell, y + cell), 2.4, INK)
            if row == 0:
                plate.type(letter, Face.HAND, (x + 46, y + 74), ink=FLAG[column], size=82)
            if row == 0 or column == 0:
                number = str(max(row, column) + 1)
                plate.type(number, Face.SANS, (x + 9, y + 24), ink=INK, size=17, anchor=0)
    for line in range(len(words)):
        plate.rule(left, 246 + line * 34, 300 + 30 * (line % 3), 5, "#cfc7b8")
    return plate


def becoming_fabulous() -> Plate:
    """A weather map: highs, lows and a warm front."""
    plate = Plate()
    for ring in range(9):
        bold = ring % 3 == 0
        _isobar(plate, 40 + ring * 34, 2.0 if bold else 1.1, "#2459b8" if bold else "#7d93b8")
    plate.rule(-276, -426, 552, 52, "#f7f3ea")
    plate.rule(-276, 214, 552, 212, "#f7f3ea")
    plate.type("H", Face.SERIF_BLACK, (-70, -98), ink="#d6303b", size=84)
    plate.type("1978", Face.SANS_BOLD, (-70, -66), ink=INK, size=24)
    plate.type("L", Face.SERIF_BLACK, (176, 110), ink="#2459b8", size=70)
    front: list[tuple[float, float]] = [
        (-240 + step * 12, 40 + 74 * sin(step / 8.0)) for step in range(42)
    ]
    _ribbon(plate, front, 4.5, "#d6303b")
    for step in range(3, 40, 6):
        (x, y), (nx, ny) = front[step], front[step + 1]
        angle = 180 / pi * _slope(nx - x, ny - y)
        plate.add(_bump(), x=x, y=y, turn=angle)
    plate.rule(-236, -398, 472, 3, INK)
    plate.type("THE WEATHER", Face.SANS_BOLD, (0, -406), ink=INK, size=21, tracking=260)
    plate.type("Fine, becoming", Face.SERIF_BLACK, (-236, 274), ink=INK, width=472, anchor=0)
    plate.type("fabulous", Face.SERIF_BLACK_ITALIC, (-236, 354), ink="#d6303b", size=98, anchor=0)
    plate.type(
        "A warm front from Oxford Street.",
        Face.BOOK_ITALIC,
        (-236, 396),
        ink=INK,
        size=25,
        anchor=0,
    )
    return plate


def _slope(dx: float, dy: float) -> float:
    return atan2(dy, dx)


def _bump() -> Plate:
    half: Figure = (("M", ((-20, 0),)), ("C", ((-20, -26), (20, -26), (20, 0))), ("Z", ()))
    plate = Plate()
    plate.path(half, "#d6303b")
    return plate


def _isobar(plate: Plate, radius: float, half: float, ink: str) -> None:
    """A closed line of equal pressure around the high."""
    wobble, centre = 0.16, (-70, -120)
    points = []
    for step in range(72):
        angle = step * pi / 36
        reach = radius * (
            1 + wobble * sin(2 * angle + radius / 70) + wobble * 0.5 * cos(3 * angle - radius / 40)
        )
        points.append(
            (centre[0] + reach * 1.15 * cos(angle), centre[1] + reach * 0.86 * sin(angle))
        )
    _ribbon(plate, [*points, points[0], points[1]], half, ink)


def _ribbon(plate: Plate, points: list[tuple[float, float]], half: float, ink: str) -> None:
    """A line of even width along points."""
    left, right = [], []
    for (ax, ay), (bx, by) in pairwise(points):
        length = max(0.01, ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((ax + nx, ay + ny))
        right.append((ax - nx, ay - ny))
    outline = left + right[::-1]
    commands: list[Command] = [
        ("M", (outline[0],)),
        *(("L", (point,)) for point in outline[1:]),
        ("Z", ()),
    ]
    plate.path(tuple(commands), ink)
