"""Crew socks: a pair laid one over the other."""

from store.sandbox.catalogue.drawing.colours import Cloth, mix
from store.sandbox.catalogue.drawing.light import (
    Box,
    Heights,
    blurred,
    coarse,
    fold,
    laid,
    raised,
    relief,
    ridge,
)
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, shifted, turned

BOX: Box = (280, 140, 660, 1260)
CENTRE = (620, 730)

SOCK = "M330 190C400 178 520 178 590 190C594 330 588 520 592 690C596 760 640 812 706 872C770 930 858 986 890 1050C922 1118 884 1200 806 1216C720 1232 630 1180 548 1120C460 1056 366 1000 336 900C318 830 330 760 334 690C338 520 328 330 330 190Z"
CUFF = "M330 190C400 178 520 178 590 190C593 240 592 290 591 340C510 352 410 352 331 340C330 290 329 240 330 190Z"
HEEL = "M334 720C420 740 470 800 470 880C470 950 440 1010 414 1026C372 996 346 950 336 900C322 840 328 780 334 720Z"
TOE = "M770 928C820 966 874 1012 890 1050C922 1118 884 1200 806 1216C762 1224 716 1212 672 1192C668 1090 700 990 770 928Z"
BACKSET = (150, -20, 7.0)

_HEIGHTS: Heights = (
    raised(SOCK, 0.55, 26),
    raised(SOCK, 0.25, 9),
    raised(CUFF, 0.18, 6),
    ridge("M331 342C410 354 510 354 591 342", -0.3, 6, 4),
    ridge("M334 720C420 740 470 800 470 880C470 950 440 1010 414 1026", -0.3, 6, 4),
    ridge("M770 928C700 990 668 1090 672 1192", -0.3, 6, 4),
    raised(fold((340, 640), (420, 700), (590, 700), 14), -0.26, 10),
    raised(fold((340, 690), (440, 760), (600, 740), 14), 0.28, 10),
    raised(fold((480, 800), (560, 800), (640, 800), 14), -0.24, 10),
    raised(fold((360, 480), (440, 520), (560, 500), 12), -0.16, 10),
)


def socks(cloth: Cloth, accent: Cloth, plate: Plate | None = None) -> Thing:
    """A pair; the plate's origin is the middle of the leg, between cuff and heel."""
    back = f'<g transform="translate({BACKSET[0]} {BACKSET[1]}) rotate({BACKSET[2]} 560 760)">{_one(cloth, accent, plate, 22)}</g>'
    near: Box = (240, 100, 720, 1200)
    fall = coarse(
        blurred(
            12,
            f'<path d="{SOCK}" transform="translate(12 18)" fill="#120c10" fill-opacity=".5"/>',
            near,
        ),
        near,
    )
    front = (
        f'<g transform="translate(-70 0)">{laid(fall, near)}{_one(cloth, accent, plate, 21)}</g>'
    )
    outline = shifted(SOCK, -70, 0) + shifted(turned(SOCK, BACKSET[2], (560, 760)), *BACKSET[:2])
    return Thing(back + front, outline, 0.8, CENTRE)


def sock(cloth: Cloth, accent: Cloth, plate: Plate | None = None) -> Thing:
    """One of them."""
    return Thing(_one(cloth, accent, plate, 21), SOCK, 0.8, (600, 720))


def _one(cloth: Cloth, accent: Cloth, plate: Plate | None, seed: int) -> str:
    art = clipped(plate.pressed(at(461, 540)), SOCK) if plate else ""
    parts = filled(CUFF, accent.base) + filled(HEEL, accent.base) + filled(TOE, accent.base)
    ribs = drawn("".join(f"M{332 + 9 * n} 176V346" for n in range(30)), accent.shade, 3, 0.24)
    knit = drawn("".join(f"M{318 + 7 * n} 346V700" for n in range(40)), cloth.shade, 1.2, 0.10)
    joins = drawn(
        "M334 720C420 740 470 800 470 880C470 950 440 1010 414 1026M770 928C700 990 668 1090 672 1192M331 342C410 354 510 354 591 342",
        mix(cloth.shade, accent.shade, 0.5),
        1.8,
        0.5,
    )
    welt = drawn("M330 192C400 180 520 180 590 192", accent.glow, 4, 0.5)
    shading = relief(_HEIGHTS, cloth, BOX, crumple=0.4, seed=seed, within=SOCK)
    return (
        filled(SOCK, cloth.base)
        + clipped(knit, SOCK)
        + art
        + parts
        + clipped(ribs, CUFF)
        + joins
        + shading
        + welt
    )
