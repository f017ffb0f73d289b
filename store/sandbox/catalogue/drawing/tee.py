"""T-shirts, front and back, laid flat."""

from math import cos, pi, sin

from store.sandbox.catalogue.drawing.colours import Cloth, mix
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.light import Box, Heights, fold, raised, relief, ridge
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, at, chest
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled

BOX: Box = (60, 200, 1080, 1040)

BODY = "M478 262C400 292 335 318 272 342C318 410 318 500 296 566C300 760 292 980 286 1186C390 1216 810 1216 914 1186C908 980 900 760 904 566C882 500 882 410 928 342C865 318 800 292 722 262C716 352 662 398 600 398C538 398 484 352 478 262Z"
LEFT = "M272 342C212 372 176 430 150 486C128 532 104 574 92 606C138 640 192 668 238 684C262 646 284 606 296 566C318 500 318 410 272 342Z"
RIGHT = "M928 342C988 372 1024 430 1050 486C1072 532 1096 574 1108 606C1062 640 1008 668 962 684C938 646 916 606 904 566C882 500 882 410 928 342Z"
THROAT = "M478 262C486 244 498 240 508 240C560 252 640 252 692 240C702 240 714 244 722 262C716 352 662 398 600 398C538 398 484 352 478 262Z"
BACK_BAND = "M478 262C486 244 498 240 508 240C560 252 640 252 692 240C702 240 714 244 722 262C690 290 510 290 478 262Z"
COLLAR = "M478 262C484 352 538 398 600 398C662 398 716 352 722 262C714 246 704 240 692 240C684 318 648 358 600 358C552 358 516 318 508 240C496 240 486 246 478 262Z"
BACK_BODY = "M478 262C400 292 335 318 272 342C318 410 318 500 296 566C300 760 292 980 286 1186C390 1216 810 1216 914 1186C908 980 900 760 904 566C882 500 882 410 928 342C865 318 800 292 722 262C690 288 510 288 478 262Z"
BACK_COLLAR = "M478 262C486 246 496 240 508 240C560 252 640 252 692 240C704 240 714 246 722 262C690 290 510 290 478 262Z"
ARMHOLES = "M272 342C318 410 318 500 296 566M928 342C882 410 882 500 904 566"
HEMS = (
    "M287 1152C390 1182 810 1182 913 1152M287 1160C390 1190 810 1190 913 1160"
    "M108 578C154 610 208 638 254 654M105 585C151 617 204 645 250 661"
    "M1092 578C1046 610 992 638 946 654M1095 585C1049 617 996 645 950 661"
)
OUTLINE = BACK_BODY + LEFT + RIGHT + BACK_COLLAR

_FOLDS: Heights = (
    raised(fold((298, 584), (390, 556), (486, 486), 13), 0.38, 10),
    raised(fold((300, 618), (390, 640), (470, 636), 13), -0.34, 10),
    raised(fold((902, 580), (830, 566), (760, 510), 12), 0.34, 10),
    raised(fold((900, 610), (800, 660), (690, 668), 14), -0.36, 10),
    raised(fold((900, 640), (836, 740), (800, 860), 14), 0.26, 12),
    raised(fold((326, 700), (356, 960), (326, 1200), 15), -0.30, 13),
    raised(fold((420, 820), (446, 1000), (408, 1210), 18), 0.28, 13),
    raised(fold((556, 930), (592, 1060), (566, 1220), 14), -0.24, 13),
    raised(fold((640, 960), (668, 1080), (690, 1215), 13), 0.22, 13),
    raised(fold((776, 830), (748, 1010), (782, 1215), 17), 0.30, 13),
    raised(fold((862, 720), (842, 950), (866, 1200), 15), -0.34, 13),
    raised(fold((286, 386), (214, 470), (166, 636), 15), -0.32, 10),
    raised(fold((278, 450), (236, 540), (224, 660), 12), 0.30, 10),
    raised(fold((914, 386), (986, 470), (1034, 636), 15), -0.32, 10),
    raised(fold((922, 450), (964, 540), (976, 660), 12), 0.30, 10),
    ridge(ARMHOLES, -0.22, 7, 4),
    ridge("M287 1156C390 1186 810 1186 913 1156", -0.16, 6, 4),
    ridge("M106 582C152 614 206 642 252 658M1094 582C1048 614 994 642 948 658", -0.18, 6, 4),
)
_FRONT: Heights = (
    raised(BODY, 0.5, 26),
    raised(LEFT + RIGHT, 0.45, 18),
    *_FOLDS,
    raised(COLLAR, 0.34, 4),
)


def tee(
    cloth: Cloth, plate: Plate | None = None, *, seed: int = 3, top: float = 600, scale: float = 1.0
) -> Thing:
    """The front; the plate's origin comes to lie on the chest at `top`."""
    art = plate.pressed(chest(600, top, scale), opacity=0.96) if plate else ""
    inside = mix(cloth.base, cloth.shade, 0.45)
    neck = (
        filled(THROAT, inside)
        + filled(BACK_BAND, mix(cloth.base, cloth.shade, 0.18))
        + drawn("M478 262C510 290 690 290 722 262", cloth.shade, 2, 0.45)
        + label(cloth)
    )
    collar = filled(COLLAR, cloth.base) + _ribs(cloth) + drawn(COLLAR, cloth.edge, 1.5, 0.8)
    shading = relief(_FRONT, cloth, BOX, crumple=0.5, seed=seed, within=OUTLINE)
    return Thing(
        neck + _cloths(cloth, BODY) + art + collar + shading + _seams(cloth),
        OUTLINE,
        centre=(600, 720),
    )


def _cloths(cloth: Cloth, body: str) -> str:
    return filled(LEFT + RIGHT, cloth.base) + filled(body, cloth.base)


def label(cloth: Cloth, to: tuple[float, float] = (600, 290)) -> str:
    """A woven label inside the neck."""
    plate = Plate()
    plate.rule(-32, -2, 64, 40, mix("#f3efe6", cloth.shade, 0.12))
    plate.type("Gay Nation", Face.SERIF_BLACK, (0, 16), ink="#1d1a18", width=50)
    plate.type("FINAL EDITION", Face.SANS, (0, 28), ink="#1d1a18", width=44)
    return plate.pressed(at(*to))


def _ribs(cloth: Cloth) -> str:
    """The knit of the collar: short strokes across the band."""
    strokes = []
    for step in range(61):
        angle = pi * step / 60
        c, s = cos(angle), sin(angle)
        strokes.append(
            f"M{600 + 93 * c:.1f} {250 + 108 * s:.1f}L{600 + 120 * c:.1f} {257 + 139 * s:.1f}"
        )
    return clipped(drawn("".join(strokes), cloth.shade, 1.6, 0.22), COLLAR)


def _seams(cloth: Cloth) -> str:
    return (
        drawn(ARMHOLES, cloth.edge, 1.8, 0.8)
        + drawn(HEMS, cloth.edge, 1.5, 0.75, "5 3")
        + drawn(
            "M478 262C400 292 335 318 272 342M722 262C800 292 865 318 928 342",
            cloth.edge,
            1.2,
            0.35,
        )
    )
