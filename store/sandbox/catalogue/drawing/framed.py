"""Prints for the wall: in an oak, black or white frame, or as the bare sheet on a clip."""

from store.sandbox.catalogue.drawing.colours import mix
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear

CENTRE = (600, 750)
X, Y, W, H = 190, 190, 820, 1120
WOOD = {"oak": "#c79a63", "black": "#2a2625", "white": "#efece4"}
LINE, MAT = 38, 96


def framed(plate: Plate, wood: str = "oak", *, stock: str = "#f7f3ea") -> Thing:
    """Behind glass with a mat; the plate's origin is the middle of a 552 × 852 sheet."""
    colour = WOOD[wood]
    inner = _box(LINE)
    sheet = _box(LINE + MAT)
    art = clipped(plate.pressed(at(600, 750)), sheet)
    mat = filled(inner, "#faf7f0") + filled(
        inner, linear(((0, "#3b3026", 0.20), (0.06, "#3b3026", 0)), (X, Y, X + 500, Y + 700))
    )
    bevel = drawn(_box(LINE + MAT - 3), "#d9d2c3", 5) + drawn(
        f"M{X + 131} {Y + H - 131}V{Y + 131}H{X + W - 131}", "#a79f8f", 3, 0.7
    )
    moulding = "".join(_side(colour, side) for side in "tlbr")
    lip = drawn(_box(LINE), "#120d0a", 3, 0.4)
    drop = drawn(
        f"M{X + LINE + 4} {Y + H - LINE}V{Y + LINE + 4}H{X + W - LINE}", "#1d1510", 11, 0.16
    )
    return Thing(
        mat + filled(sheet, stock) + art + bevel + drop + lip + moulding + _glass(),
        _box(0),
        1.3,
        CENTRE,
    )


def sheet(plate: Plate, *, stock: str = "#f7f3ea") -> Thing:
    """Unframed: the sheet with a white margin, hanging from a bulldog clip."""
    outline = "M236 226L964 222C970 560 966 980 972 1296C960 1304 948 1308 934 1304C700 1310 480 1306 232 1312C236 980 230 560 236 226Z"
    art = plate.pressed(at(600, 776, 1.12))
    field = clipped(
        filled("M291 299h618v954h-618Z", stock) + clipped(art, "M291 299h618v954h-618Z"), outline
    )
    light = linear(
        ((0, "#ffffff", 0.5), (0.4, "#ffffff", 0), (0.75, "#3a2c22", 0.02), (1, "#3a2c22", 0.16)),
        (236, 226, 966, 1306),
    )
    curl = linear(
        ((0, "#3a2c22", 0.0), (0.5, "#3a2c22", 0.12), (1, "#ffffff", 0.5)), (900, 1240, 962, 1306)
    )
    steel = linear(((0, "#5b5a58", 1), (0.4, "#bdbab4", 1), (1, "#3d3b39", 1)), (0, 168, 0, 240))
    clip = (
        filled("M556 152a44 44 0 0 1 88 0v30h-18v-30a26 26 0 0 0-52 0v30h-18Z", "#8b8883")
        + filled("M520 178h160l16 62h-192Z", steel)
        + filled("M504 240h192v10h-192Z", "#2f2d2b")
    )
    markup = (
        filled(outline, "#fbf8f1")
        + field
        + filled(outline, light)
        + filled("M860 1306L966 1200L972 1296C960 1304 948 1308 934 1304Z", curl)
        + clip
    )
    return Thing(markup, outline, 0.8, CENTRE)


def _box(inset: float) -> str:
    return f"M{X + inset:g} {Y + inset:g}H{X + W - inset:g}V{Y + H - inset:g}H{X + inset:g}Z"


def _side(colour: str, side: str) -> str:
    """One mitred bar of the frame, lit by where it faces."""
    left, right, top, base, n = X, X + W, Y, Y + H, LINE
    path, line, lit = {
        "t": (
            f"M{left} {top}H{right}L{right - n} {top + n}H{left + n}Z",
            (0, top, 0, top + n),
            0.16,
        ),
        "l": (
            f"M{left} {top}L{left + n} {top + n}V{base - n}L{left} {base}Z",
            (left, 0, left + n, 0),
            0.10,
        ),
        "b": (
            f"M{left} {base}L{left + n} {base - n}H{right - n}L{right} {base}Z",
            (0, base, 0, base - n),
            -0.20,
        ),
        "r": (
            f"M{right} {top}V{base}L{right - n} {base - n}V{top + n}Z",
            (right, 0, right - n, 0),
            -0.14,
        ),
    }[side]
    face = mix(colour, "#ffffff" if lit > 0 else "#160e08", abs(lit))
    across = linear(
        (
            (0, mix(face, "#ffffff", 0.28), 1),
            (0.16, face, 1),
            (0.8, face, 1),
            (1, mix(face, "#160e08", 0.35), 1),
        ),
        line,
    )
    return filled(path, across) + (_grain(path, side, face) if colour == WOOD["oak"] else "")


def _grain(path: str, side: str, face: str) -> str:
    lines = "".join(
        f"M{X} {Y + o + 3 * k}C{X + 260} {Y + o + 5} {X + 520} {Y + o - 4} {X + W} {Y + o + 2}"
        if side in "tb"
        else f"M{X + o + 3 * k} {Y}C{X + o + 5} {Y + 380} {X + o - 4} {Y + 760} {X + o + 2} {Y + H}"
        for k, o in enumerate(
            (6, 15, 24, 31)
            if side in "tl"
            else (W - 31, W - 22, W - 14, W - 6)
            if side == "r"
            else (H - 31, H - 22, H - 14, H - 6)
        )
    )
    return clipped(drawn(lines, mix(face, "#4d2f12", 0.55), 1.4, 0.4), path)


def _glass() -> str:
    """A faint window in the glass."""
    pane = linear(((0, "#ffffff", 0.26), (1, "#ffffff", 0.02)), (230, 230, 760, 900))
    return filled("M228 228H640L228 900Z", pane) + filled("M690 228H770L228 1110V984Z", pane, 0.6)
