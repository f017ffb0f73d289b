"""Plates for hoodies and caps."""

from math import cos, pi, sin

from store.sandbox.catalogue.drawing.lettering import Face, Figure
from store.sandbox.catalogue.drawing.plate import Plate


def moon(radius: float) -> Figure:
    """A waxing crescent around the origin."""
    r, k = radius, radius * 0.5523
    return (
        ("M", ((r * 0.35, -r * 0.94),)),
        ("C", ((-r * 0.2, -r * 1.12), (-r, -r * 0.6), (-r, 0))),
        ("C", ((-r, k * 1.1), (-k, r), (0, r))),
        ("C", ((r * 0.45, r), (r * 0.84, r * 0.66), (r * 0.94, r * 0.26))),
        ("C", ((r * 0.5, r * 0.62), (-r * 0.12, r * 0.46), (-r * 0.26, -r * 0.06))),
        ("C", ((-r * 0.34, -r * 0.42), (-r * 0.08, -r * 0.8), (r * 0.35, -r * 0.94))),
        ("Z", ()),
    )


def star(plate: Plate, at: tuple[float, float], radius: float, ink: str) -> None:
    """Four points, like light through a lens."""
    corners = []
    for corner in range(8):
        reach = radius if corner % 2 == 0 else radius * 0.3
        angle = corner * pi / 4 - pi / 2
        corners.append((at[0] + reach * cos(angle), at[1] + reach * sin(angle)))
    plate.polygon(tuple(corners), ink)


def late_edition(ink: str, accent: str) -> Plate:
    """A masthead under a moon."""
    plate = Plate()
    night = Plate()
    night.path(moon(64), accent)
    plate.add(night, y=-150, x=-6)
    for x, y, size in ((-92, -170, 13), (86, -194, 17), (104, -118, 9), (-124, -112, 9)):
        star(plate, (x, y), size, accent)
    plate.rule(-212, -66, 424, 3, ink)
    plate.type("Late Edition", Face.SERIF_BLACK, (0, 20), ink=ink, width=428)
    plate.rule(-212, 42, 424, 9, ink)
    plate.rule(-212, 56, 424, 2, ink)
    plate.type("ALL THE NEWS AFTER DARK", Face.SANS_BOLD, (0, 90), ink=ink, width=420)
    return plate


def night_desk(ink: str, accent: str) -> Plate:
    """The newsroom clock at a quarter to three."""
    plate = Plate()
    plate.ring((0, 0), 190, 9, ink)
    plate.ring((0, 0), 172, 2.5, ink)
    for hour in range(12):
        angle = hour * pi / 6
        inner = 126 if hour % 3 == 0 else 142
        c, s, half = cos(angle), sin(angle), 5 if hour % 3 == 0 else 3
        plate.polygon(
            tuple(
                (r * c - o * s, r * s + o * c)
                for r, o in ((inner, -half), (162, -half), (162, half), (inner, half))
            ),
            ink,
        )
    plate.hand((0, 0), 2.783 * 30, (-26, 92), 8, ink)
    plate.hand((0, 0), 47 * 6, (-26, 140), 5, ink)
    plate.hand((0, 0), 12 * 6, (-26, 150), 2.5, accent)
    plate.disc((0, 0), 13, accent)
    plate.arc("NIGHT DESK", Face.POSTER, (0, 0), 208, ink=ink, size=74, tracking=60)
    plate.arc(
        "SOMEBODY HAS TO BE UP",
        Face.SANS_BOLD,
        (0, 0),
        232,
        ink=accent,
        size=32,
        middle=90,
        inward=True,
        tracking=90,
    )
    return plate


def night_desk_badge(ink: str, accent: str) -> Plate:
    """The same desk, small, over the heart."""
    plate = Plate()
    plate.type("Night Desk", Face.SERIF_BLACK, (0, 0), ink=ink, width=150)
    plate.rule(-75, 11, 150, 4, accent)
    plate.type("02:47", Face.SANS_BOLD, (0, 38), ink=accent, size=24, tracking=120)
    return plate


def embargoed(ink: str, accent: str) -> Plate:
    """A rubber stamp, not quite straight."""
    stamp = Plate()
    stamp.frame((-226, -96, 452, 192), 10, ink)
    stamp.frame((-210, -80, 420, 160), 3, ink)
    stamp.type("EMBARGOED", Face.POSTER, (0, 14), ink=ink, width=388)
    stamp.type("until fabulous", Face.SERIF_BLACK_ITALIC, (0, 62), ink=accent, size=52)
    plate = Plate()
    plate.add(stamp, turn=-7)
    return plate


def press_cap(ink: str, accent: str) -> Plate:
    """A press card in a hatband, in embroidery."""
    plate = Plate()
    plate.type("PRESS", Face.SERIF_BLACK, (0, 16), ink=ink, width=330)
    plate.rule(-165, 34, 330, 7, accent)
    plate.type("for joy", Face.SERIF_BLACK_ITALIC, (0, 92), ink=ink, size=62)
    return plate


def on_background(ink: str, accent: str) -> Plate:
    """Not for attribution: nearly the colour of the cap."""
    plate = Plate()
    plate.type("on", Face.SERIF_BLACK_ITALIC, (-150, -2), ink=ink, size=88, anchor=0)
    plate.type("background", Face.SERIF_BLACK_ITALIC, (0, 78), ink=ink, width=340)
    plate.rule(128, 90, 42, 7, accent)
    return plate


def sports_desk(ink: str, accent: str) -> Plate:
    """Arched letters over a running track."""
    plate = Plate()
    plate.arc("SPORTS", Face.SANS_BLACK, (0, 230), 268, ink=ink, size=98, tracking=60)
    plate.type("DESK", Face.SANS_BLACK, (0, 62), ink=ink, size=84, tracking=160)
    for lane in range(3):
        plate.rule(-150 + lane * 22, 82 + lane * 13, 300 - lane * 44, 6, accent)
    return plate
