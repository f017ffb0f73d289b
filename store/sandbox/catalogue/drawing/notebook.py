"""Notebooks: a reporter's pad bound at the top, and a bound book with a ribbon."""

from store.sandbox.catalogue.drawing.colours import INK, mix
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear

CENTRE = (600, 750)
PAD = "M296 270H904C912 270 918 276 918 284V1296C918 1304 912 1310 904 1310H296C288 1310 282 1304 282 1296V284C282 276 288 270 296 270Z"
BOOK = "M286 220H896C916 220 930 234 930 254V1246C930 1266 916 1280 896 1280H286C276 1280 270 1274 270 1264V236C270 226 276 220 286 220Z"


def pad(cover: str, plate: Plate) -> Thing:
    """The reporter's pad, closed; the plate's origin is the middle of the cover."""
    leaves = "".join(
        filled(
            f"M{290 + 2 * n} {1300 + 4 * n}H{910 + 2 * n}V{1312 + 4 * n}H{290 + 2 * n}Z",
            "#efe8d8" if n % 2 else "#d8cfba",
        )
        for n in (3, 2, 1)
    )
    light = linear(
        (
            (0, "#ffffff", 0.26),
            (0.35, "#ffffff", 0.02),
            (0.7, "#120a0c", 0.03),
            (1, "#120a0c", 0.24),
        ),
        (282, 270, 918, 1310),
    )
    edge = drawn("M918 290V1296C918 1304 912 1310 904 1310H296", mix(cover, "#120a0c", 0.5), 3, 0.8)
    cloth = filled(PAD, cover)
    return Thing(
        leaves + cloth + plate.pressed(at(600, 800)) + filled(PAD, light) + edge + _spiral(),
        PAD,
        0.9,
        CENTRE,
    )


def pad_open(cover: str, notes: tuple[str, ...], headline: str) -> Thing:
    """The pad folded open at a page of notes."""
    ruled = drawn("".join(f"M282 {y}H918" for y in range(470, 1290, 62)), "#9fb4c9", 2, 0.8)
    margin = drawn("M400 330V1306", "#d98c84", 2.2, 0.8)
    hand = Plate()
    hand.type(headline, Face.HAND, (-178, -348), ink="#22305c", width=440, anchor=0)
    hand.rule(-178, -332, 300, 4, "#22305c")
    for line, text in enumerate(notes):
        hand.type(
            text,
            Face.HAND,
            (-178 + 4 * (line % 3), -230 + 62 * line),
            ink="#22305c",
            size=66,
            anchor=0,
        )
    light = linear(
        ((0, "#ffffff", 0.5), (0.4, "#ffffff", 0), (1, "#4a3a28", 0.20)), (282, 270, 918, 1310)
    )
    bend = linear(((0, "#4a3a28", 0.28), (1, "#4a3a28", 0)), (0, 290, 0, 400))
    back = filled("M276 264H924V1330H276Z", cover)
    page = (
        filled(PAD, "#faf6ea")
        + clipped(ruled + margin, PAD)
        + hand.pressed(at(600, 760))
        + filled(PAD, light)
        + filled(PAD, bend)
    )
    return Thing(back + page + _spiral() + _pencil(), "M276 264H924V1330H276Z", 0.9, CENTRE)


def book(cover: str, plate: Plate, ribbon: str) -> Thing:
    """The bound book, closed, with an elastic and a ribbon."""
    leaves = filled(
        "M282 1268H922C930 1268 936 1276 934 1290C932 1304 922 1308 910 1308H296C284 1308 272 1296 274 1280Z",
        "#ece4d2",
    )
    edges = drawn("M284 1288H930M286 1294H928M288 1300H924", "#bfb49c", 1.4, 0.8)
    tail = filled("M770 1290L800 1290L804 1404L786 1386L768 1404Z", ribbon) + filled(
        "M770 1290L800 1290L802 1320L769 1320Z", "#000000", 0.2
    )
    light = linear(
        (
            (0, "#ffffff", 0.24),
            (0.35, "#ffffff", 0.02),
            (0.7, "#120a0c", 0.03),
            (1, "#120a0c", 0.26),
        ),
        (270, 220, 930, 1280),
    )
    hinge = linear(
        ((0, "#000000", 0.30), (0.3, "#ffffff", 0.14), (0.55, "#000000", 0.30), (1, "#000000", 0)),
        (270, 0, 344, 0),
    )
    elastic = (
        filled("M846 218H872V1284H846Z", mix(ribbon, "#120a0c", 0.15))
        + filled("M846 218H853V1284H846Z", "#ffffff", 0.16)
        + filled("M872 220H880V1280H872Z", "#000000", 0.2)
    )
    cloth = filled(BOOK, cover) + filled("M270 220H344V1280H270Z", hinge)
    return Thing(
        leaves + edges + tail + cloth + plate.pressed(at(580, 750)) + filled(BOOK, light) + elastic,
        BOOK,
        1.0,
        CENTRE,
    )


OPEN = "M96 430H1104C1112 430 1116 436 1116 444V1096C1116 1104 1112 1110 1104 1110H96C88 1110 84 1104 84 1096V444C84 436 88 430 96 430Z"
PAGES = (
    "M110 446C260 428 460 420 600 452V1086C460 1060 260 1064 110 1086Z",
    "M1090 446C940 428 740 420 600 452V1086C740 1060 940 1064 1090 1086Z",
)
EDGES = "M104 1092C260 1072 460 1068 600 1094C740 1068 940 1072 1096 1092M104 1098C260 1078 460 1074 600 1100C740 1074 940 1078 1096 1098"
RIBBON = (
    "M596 452C606 620 600 880 612 1090L616 1200L630 1184L644 1200L640 1090C628 880 622 620 620 450Z"
)


def book_open(cover: str, left: Plate, right: Plate, ribbon: str) -> Thing:
    """The bound book open on two pages; each plate's origin is the middle of its page."""
    sheets = "".join(filled(page, "#fbf7ec") for page in PAGES)
    words = left.pressed(at(352, 740)) + right.pressed(at(848, 740))
    under = filled(OPEN, cover) + drawn(EDGES, "#cfc4ad", 3)
    markup = under + sheets + _ruling() + words + _gutter() + filled(RIBBON, ribbon)
    return Thing(markup, OPEN, 0.9, (600, 780))


def _ruling() -> str:
    lines = "".join(
        f"M150 {y}C300 {y - 14} 450 {y - 14} 580 {y + 4}"
        f"M1050 {y}C900 {y - 14} 750 {y - 14} 620 {y + 4}"
        for y in range(540, 1060, 44)
    )
    return drawn(lines, "#b9c3c9", 1.6, 0.7)


def _gutter() -> str:
    """Pages fall into shadow where they are sewn."""
    dark = "#3d2f20"
    left = linear(((0, dark, 0.02), (0.72, dark, 0.05), (1, dark, 0.42)), (110, 0, 600, 0))
    right = linear(((0, dark, 0.34), (0.2, dark, 0.05), (1, dark, 0.16)), (600, 0, 1090, 0))
    return filled(PAGES[0], left) + filled(PAGES[1], right)


def _spiral() -> str:
    """Twin wire through punched holes."""
    wire = linear(
        ((0, "#fdfcfa", 1), (0.35, "#a9a7a3", 1), (0.7, "#55534f", 1), (1, "#cfcdc8", 1)),
        (0, 216, 0, 330),
    )
    loops = []
    for x in range(320, 900, 40):
        loops.append(f'<ellipse cx="{x + 4}" cy="318" rx="9" ry="7" fill="#241b14"/>')
        loops.append(
            drawn(
                f"M{x} 318C{x - 12} 270 {x - 10} 226 {x + 1} 224C{x + 12} 224 {x + 10} 280 {x + 4} 316",
                wire,
                5.5,
            )
        )
        loops.append(
            drawn(
                f"M{x + 11} 318C{x - 1} 270 {x + 1} 226 {x + 12} 224C{x + 23} 224 {x + 21} 280 {x + 15} 316",
                wire,
                5.5,
            )
        )
    return "".join(loops)


def _pencil() -> str:
    side = linear(
        (
            (0, "#f6c95a", 1),
            (0.34, "#f0b52f", 1),
            (0.36, "#d99a1c", 1),
            (0.68, "#d99a1c", 1),
            (0.7, "#a8720f", 1),
            (1, "#a8720f", 1),
        ),
        (0, -16, 0, 16),
    )
    parts = (
        filled("M-330 -16H230V16H-330Z", side)
        + filled("M230 -16L300 -5V5L230 16C240 8 236 -8 230 -16Z", "#ecd0a0")
        + filled("M282 -8L306 0L282 8Z", INK)
        + filled("M-372 -16H-330V16H-372Z", "#c7c3bb")
        + filled("M-400 -15C-410 -8 -410 8 -400 15H-372V-15Z", "#d9848b")
    )
    fall = f'<g transform="translate(8 16)" opacity=".28">{filled("M-400 -16H240L306 0L240 16H-400Z", "#20140c")}</g>'
    return f'<g transform="translate(640 1180) rotate(-14)">{fall}{parts}</g>'
