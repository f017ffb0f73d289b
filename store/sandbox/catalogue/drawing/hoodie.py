"""Hooded and crew-neck sweatshirts, laid flat with the sleeves down."""

from math import cos, pi, sin

from store.sandbox.catalogue.drawing.colours import Cloth, mix
from store.sandbox.catalogue.drawing.light import Box, Heights, fold, raised, relief, ridge
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, chest
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, mirrored, shifted
from store.sandbox.catalogue.drawing.tee import BACK_BAND, COLLAR, THROAT, label

BOX: Box = (100, 120, 1000, 1220)
CENTRE = (600, 730)

SHOULDERS = "C312 540 322 600 322 690C322 860 314 1040 312 1196C400 1216 800 1216 888 1196C886 1040 878 860 878 690C878 600 888 540 916 462"
BODY = f"M448 408C390 428 330 440 284 462{SHOULDERS}C870 440 810 428 752 408C720 452 650 486 600 490C550 486 480 452 448 408Z"
CREW_BODY = f"M486 384C420 410 340 436 284 462{SHOULDERS}C860 436 780 410 714 384C706 458 656 502 600 502C544 502 494 458 486 384Z"
BACK_BODY = (
    f"M448 408C390 428 330 440 284 462{SHOULDERS}C870 440 810 428 752 408C700 430 500 430 448 408Z"
)
HEM = "M315 1188C404 1210 796 1210 885 1188C888 1220 886 1250 880 1274C796 1296 404 1296 320 1274C314 1250 312 1220 315 1188Z"
SLEEVE = "M284 462C232 486 206 540 190 620C170 740 150 900 140 1060C138 1084 136 1104 136 1120C164 1138 214 1144 246 1138C264 1020 298 880 322 760C326 660 316 560 284 462Z"
CUFF = "M135 1112C166 1132 216 1138 248 1130C250 1160 246 1192 238 1216C210 1224 172 1218 146 1204C138 1180 133 1146 135 1112Z"
SLEEVES = SLEEVE + mirrored(SLEEVE)
CUFFS = CUFF + mirrored(CUFF)
HOOD = "M446 412C398 340 408 214 512 168C566 148 634 148 688 168C792 214 802 340 754 412C726 458 656 490 600 494C544 490 474 458 446 412Z"
OPENING = "M496 402C474 322 512 246 600 236C688 246 726 322 704 402C690 440 644 468 600 474C556 468 510 440 496 402Z"
HOOD_BACK = "M440 414C396 330 412 214 512 170C566 150 634 150 688 170C788 214 804 330 760 414C720 456 480 456 440 414Z"
POCKET = "M440 884C520 896 680 896 760 884L842 1046L842 1186C740 1202 460 1202 358 1186L358 1046Z"
MOUTHS = "M440 884L358 1046M760 884L842 1046"
OUTLINE = BACK_BODY + HEM + SLEEVES + CUFFS + HOOD
CREW_OUTLINE = CREW_BODY + HEM + SLEEVES + CUFFS

_DRAPE: Heights = (
    raised(SLEEVES, 0.42, 18),
    raised(fold((330, 720), (420, 690), (500, 620), 14), 0.34, 11),
    raised(fold((330, 770), (430, 780), (520, 760), 14), -0.30, 11),
    raised(fold((870, 720), (780, 700), (720, 640), 14), 0.32, 11),
    raised(fold((868, 780), (770, 810), (680, 820), 15), -0.32, 11),
    raised(fold((344, 820), (372, 1000), (336, 1180), 14), -0.28, 13),
    raised(fold((860, 830), (836, 1000), (864, 1180), 14), -0.30, 13),
    raised(fold((400, 1080), (440, 1140), (420, 1210), 16), 0.26, 12),
    raised(fold((820, 1080), (780, 1140), (800, 1210), 16), 0.26, 12),
    # the sleeves bunch at the elbow and above the cuff
    raised(fold((196, 640), (250, 690), (318, 700), 12), -0.34, 9),
    raised(fold((180, 740), (240, 800), (306, 800), 13), 0.34, 9),
    raised(fold((170, 830), (220, 890), (288, 890), 12), -0.32, 9),
    raised(fold((150, 960), (196, 1010), (266, 1010), 11), 0.30, 8),
    raised(fold((144, 1040), (190, 1084), (254, 1084), 11), -0.34, 8),
    raised(fold((1004, 640), (950, 690), (882, 700), 12), -0.34, 9),
    raised(fold((1020, 740), (960, 800), (894, 800), 13), 0.32, 9),
    raised(fold((1030, 840), (980, 890), (912, 896), 12), -0.32, 9),
    raised(fold((1050, 950), (1004, 1000), (934, 1006), 11), 0.30, 8),
    raised(fold((1056, 1040), (1010, 1084), (946, 1084), 11), -0.34, 8),
    raised(HEM, 0.30, 6),
    raised(CUFFS, 0.30, 6),
    ridge("M284 462C312 540 322 600 322 690M916 462C888 540 878 600 878 690", -0.26, 8, 5),
    ridge("M315 1188C404 1210 796 1210 885 1188", -0.34, 7, 4),
    ridge(
        "M135 1114C166 1134 216 1140 248 1132M1065 1114C1034 1134 984 1140 952 1132", -0.36, 7, 4
    ),
)
_HOODED: Heights = (
    raised(BODY, 0.5, 26),
    *_DRAPE,
    raised(HOOD, 0.5, 14),
    raised(fold((456, 380), (420, 290), (500, 196), 13), -0.30, 9),
    raised(fold((744, 380), (782, 290), (700, 196), 13), -0.34, 9),
    raised(fold((470, 430), (560, 470), (600, 490), 10), 0.3, 6),
    raised(POCKET, 0.26, 6),
    ridge(MOUTHS, -0.4, 12, 6),
    ridge("M446 412C474 458 544 490 600 494C656 490 726 458 754 412", -0.4, 9, 5),
)
_BEHIND: Heights = (
    raised(BACK_BODY, 0.5, 26),
    *_DRAPE,
    raised(HOOD_BACK, 0.6, 16),
    ridge("M600 152C596 250 596 340 600 444", -0.22, 6, 4),
    raised(fold((470, 400), (520, 330), (540, 230), 13), -0.26, 10),
    raised(fold((730, 400), (690, 330), (668, 230), 13), -0.30, 10),
    ridge("M440 414C480 456 720 456 760 414", -0.5, 12, 7),
)


def hoodie(
    cloth: Cloth,
    plate: Plate | None = None,
    *,
    seed: int = 4,
    top: float = 690,
    scale: float = 1.0,
    cord: str = "#efe9dc",
) -> Thing:
    """The front, hood up behind the neck; the plate's origin lies on the chest at `top`."""
    art = plate.pressed(chest(600, top, scale), opacity=0.96) if plate else ""
    lining = mix(cloth.base, cloth.shade, 0.6)
    hood = (
        filled(HOOD, cloth.base)
        + filled(OPENING, lining)
        + drawn("M600 238C592 300 592 360 600 400", cloth.shade, 3, 0.5)
        + clipped(label(cloth, (600, 396)), OPENING)
        + drawn(OPENING, cloth.edge, 2)
        + drawn(
            "M482 404C456 316 502 232 600 222C698 232 744 316 718 404", cloth.edge, 1.6, 0.8, "6 4"
        )
    )
    pocket = (
        filled(POCKET, cloth.base)
        + drawn(POCKET, cloth.edge, 1.8)
        + drawn("M452 892L370 1050M748 892L830 1050", cloth.edge, 1.5, 0.8, "6 4")
    )
    shading = relief(_HOODED, cloth, BOX, crumple=0.55, seed=seed, within=OUTLINE)
    markup = (
        _cloths(cloth, BODY)
        + art
        + pocket
        + _knit(cloth)
        + hood
        + shading
        + _seams(cloth)
        + _cords(cord)
    )
    return Thing(markup, OUTLINE, 1.1, CENTRE)


def hoodie_back(
    cloth: Cloth, plate: Plate | None = None, *, seed: int = 6, top: float = 700, scale: float = 1.0
) -> Thing:
    """The back, hood lying down over the shoulders."""
    art = plate.pressed(chest(600, top, scale), opacity=0.96) if plate else ""
    hood = (
        filled(HOOD_BACK, cloth.base)
        + drawn("M600 152C596 250 596 340 600 444", cloth.edge, 2)
        + drawn("M440 414C480 456 720 456 760 414", cloth.edge, 2)
    )
    shading = relief(_BEHIND, cloth, BOX, crumple=0.55, seed=seed, within=OUTLINE + HOOD_BACK)
    markup = _cloths(cloth, BACK_BODY) + art + _knit(cloth) + hood + shading + _seams(cloth)
    return Thing(markup, OUTLINE, 1.1, CENTRE)


def sweatshirt(
    cloth: Cloth, plate: Plate | None = None, *, seed: int = 7, top: float = 690, scale: float = 1.0
) -> Thing:
    """A crew neck."""
    art = plate.pressed(chest(600, top, scale), opacity=0.96) if plate else ""
    dx, dy, grown = 36, 138, 0.94
    throat, band = shifted(THROAT, dx, dy, grown), shifted(BACK_BAND, dx, dy, grown)
    collar = shifted(COLLAR, dx, dy, grown)
    neck = (
        filled(throat, mix(cloth.base, cloth.shade, 0.45))
        + filled(band, mix(cloth.base, cloth.shade, 0.18))
        + label(cloth, (600, 412))
    )
    ring = (
        filled(collar, cloth.base)
        + clipped(_collar_ribs(cloth), collar)
        + drawn(collar, cloth.edge, 1.5, 0.8)
    )
    heights = (raised(CREW_BODY, 0.5, 26), *_DRAPE, raised(collar, 0.36, 4))
    shading = relief(heights, cloth, BOX, crumple=0.55, seed=seed, within=CREW_OUTLINE + throat)
    gusset = drawn("M572 500L600 548L628 500", cloth.edge, 1.6, 0.8, "6 4")
    markup = (
        neck
        + _cloths(cloth, CREW_BODY)
        + art
        + _knit(cloth)
        + ring
        + shading
        + gusset
        + _seams(cloth)
    )
    return Thing(markup, CREW_OUTLINE + collar, 1.1, CENTRE)


def _cloths(cloth: Cloth, body: str) -> str:
    return (
        filled(body, cloth.base)
        + filled(HEM, cloth.base)
        + filled(SLEEVES, cloth.base)
        + filled(CUFFS, cloth.base)
    )


def _knit(cloth: Cloth) -> str:
    """Ribbing of hem and cuffs."""
    hem = "".join(f"M{320 + 8 * n} 1180L{322 + 8 * n} 1300" for n in range(71))
    left = "".join(f"M{132 + 7 * n} 1100L{142 + 6 * n} 1230" for n in range(18))
    ribs = drawn(hem + left + mirrored(left), cloth.shade, 2, 0.26)
    return clipped(ribs, HEM + CUFFS)


def _collar_ribs(cloth: Cloth) -> str:
    strokes = []
    for step in range(61):
        c, s = cos(pi * step / 60), sin(pi * step / 60)
        strokes.append(
            f"M{600 + 84 * c:.1f} {374 + 98 * s:.1f}L{600 + 118 * c:.1f} {378 + 136 * s:.1f}"
        )
    return drawn("".join(strokes), cloth.shade, 1.6, 0.24)


def _seams(cloth: Cloth) -> str:
    return drawn(
        "M284 462C312 540 322 600 322 690M916 462C888 540 878 600 878 690"
        "M315 1188C404 1210 796 1210 885 1188M135 1113C166 1133 216 1139 248 1131M1065 1113C1034 1133 984 1139 952 1131",
        cloth.edge,
        1.8,
        0.8,
    ) + drawn(
        "M322 690C326 720 324 740 322 760M878 690C874 720 876 740 878 760", cloth.edge, 1.4, 0.6
    )


def _cords(colour: str) -> str:
    dark = mix(colour, "#2a2420", 0.55)
    left, right = "M552 462C548 520 560 560 554 618", "M648 462C654 520 640 570 648 632"
    eyelets = "".join(
        f'<circle cx="{x}" cy="{y}" r="8" fill="#8d877c"/><circle cx="{x}" cy="{y}" r="4" fill="#2b2724"/>'
        for x, y in ((552, 460), (648, 460))
    )
    cords = drawn(left + right, "#000000", 10, 0.18).replace(
        "<path", '<path transform="translate(4 5)"'
    )
    cords += (
        drawn(left + right, dark, 9)
        + drawn(left + right, colour, 6.5)
        + drawn(left + right, dark, 6.5, 0.25, "2 5")
    )
    tips = drawn("M554 612L552 650M648 626L650 664", "#8d877c", 9) + drawn(
        "M553 612L551 648M647 626L649 662", "#d8d2c6", 3
    )
    return eyelets + cords + tips
