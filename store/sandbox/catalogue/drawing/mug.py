"""Mugs: glazed stoneware and enamelled steel, standing on the sheet."""

from store.sandbox.catalogue.drawing.colours import mix, scaled
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, around
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear, radial

CENTRE = (620, 760)
LEFT, RIGHT, TOP, BASE = 320, 820, 500, 1040
MIDDLE, RADIUS, DIP = 570, 250, 46

BODY = "M320 500C322 690 322 850 330 1000C338 1060 450 1090 570 1090C690 1090 802 1060 810 1000C818 850 818 690 820 500C800 560 340 560 320 500Z"
FOOT = "M338 1020C356 1070 460 1092 570 1092C680 1092 784 1070 802 1020C796 1082 690 1112 570 1112C450 1112 344 1082 338 1020Z"
HANDLE = "M806 600C900 560 990 600 996 720C1000 850 920 930 800 930L804 870C880 866 936 812 934 724C930 640 870 636 808 664Z"
SHADOW = "M330 1030C330 990 450 960 580 960C720 960 830 1000 980 1040C1010 1060 960 1100 860 1104C760 1118 640 1122 560 1118C430 1116 336 1090 330 1030Z"


def mug(
    glaze: str,
    plate: Plate | None = None,
    *,
    inside: str | None = None,
    turn: float = 0.0,
    rim: str | None = None,
    left_handed: bool = False,
) -> Thing:
    """Seen from a little above; `turn` carries the print around it, in radians."""
    art = plate.pressed(around(MIDDLE, 770, RADIUS, tilt=DIP, turn=turn)) if plate else ""
    cup = filled(BODY, glaze) + clipped(art, BODY) + _glaze_light(glaze)
    mouth = _mouth(glaze, inside or glaze, rim)
    handle = _handle(glaze)
    markup = filled(FOOT, mix(glaze, "#3a2f2a", 0.45)) + handle + cup + mouth
    outline = SHADOW
    if left_handed:
        flip = '<g transform="translate(1140 0) scale(-1 1)">'
        markup = (
            filled(FOOT, mix(glaze, "#3a2f2a", 0.45)) + f"{flip}{_handle(glaze)}</g>" + cup + mouth
        )
    return Thing(markup, outline, 1.0, (520, 790) if left_handed else (640, 790))


def _glaze_light(glaze: str) -> str:
    """Round from left to right, a window's glint at the left, a darker foot."""
    dark = mix(scaled(glaze, 0.25), "#1b1226", 0.3)
    round_ = linear(
        (
            (0, dark, 0.30),
            (0.10, dark, 0.08),
            (0.26, "#ffffff", 0.22),
            (0.42, "#ffffff", 0),
            (0.62, dark, 0.06),
            (0.86, dark, 0.38),
            (0.96, dark, 0.52),
            (1, dark, 0.40),
        ),
        (320, 0, 820, 0),
    )
    foot = linear(((0, dark, 0), (1, dark, 0.28)), (0, 930, 0, 1090))
    glint = linear(
        ((0, "#ffffff", 0.0), (0.15, "#ffffff", 0.62), (0.75, "#ffffff", 0.34), (1, "#ffffff", 0)),
        (0, 570, 0, 960),
    )
    window = filled(
        "M372 584C384 586 400 590 412 592C408 700 410 830 418 950C404 948 392 944 384 940C374 820 370 700 372 584Z",
        glint,
    )
    edge = filled(
        "M428 596L440 598C436 710 438 840 444 956L434 954C428 840 424 710 428 596Z", glint, 0.5
    )
    return filled(BODY, round_) + filled(BODY, foot) + window + edge


def _mouth(glaze: str, inside: str, rim: str | None) -> str:
    """The opening: lip, inner wall and what is left of the light in it."""
    deep = mix(scaled(inside, 0.42), "#1b1226", 0.25)
    wall = linear(
        ((0, deep, 1), (0.45, mix(inside, deep, 0.45), 1), (1, mix(inside, "#ffffff", 0.15), 1)),
        (340, 470, 790, 560),
    )
    depth = radial(((0, deep, 0.75), (0.7, deep, 0.35), (1, deep, 0)), (600, 548), 220, squash=0.26)
    lip = rim or mix(glaze, "#ffffff", 0.35)
    return (
        f'<ellipse cx="570" cy="500" rx="250" ry="{DIP + 2}" fill="{lip}"/>'
        f'<ellipse cx="570" cy="503" rx="236" ry="{DIP - 8}" fill="{wall}"/>'
        f'<ellipse cx="570" cy="503" rx="236" ry="{DIP - 8}" fill="{depth}"/>'
        + drawn("M322 508C344 562 796 562 818 508", mix(lip, "#1b1226", 0.35), 2, 0.4)
        + drawn("M340 486C380 462 470 453 560 452", "#ffffff", 3, 0.7)
    )


def _handle(glaze: str) -> str:
    dark = mix(scaled(glaze, 0.3), "#1b1226", 0.3)
    across = linear(
        ((0, dark, 0.36), (0.4, dark, 0.02), (0.75, dark, 0.2), (1, dark, 0.55)),
        (830, 590, 985, 900),
    )
    bright = "M838 606C912 584 966 628 970 716"
    join = linear(((0, dark, 0.6), (1, dark, 0)), (800, 0, 860, 0))
    return (
        filled(HANDLE, glaze)
        + filled(HANDLE, across)
        + filled(HANDLE, join)
        + drawn(bright, "#ffffff", 9, 0.35)
        + drawn("M812 884C890 880 948 820 946 726", dark, 7, 0.25)
    )
