"""Die-cut vinyl stickers: a sheet of them, or one with its edge lifting."""

from dataclasses import dataclass

from store.sandbox.catalogue.drawing.colours import mix
from store.sandbox.catalogue.drawing.light import blurred, coarse, laid
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear, placed, shifted

SHEET = "M214 150H986C992 150 996 154 996 160V1340C996 1346 992 1350 986 1350H214C208 1350 204 1346 204 1340V160C204 154 208 150 214 150Z"


@dataclass(frozen=True, slots=True)
class Sticker:
    """A cut shape around the origin, its colour and what is printed on it."""

    cut: str
    colour: str
    plate: Plate


def pill(width: float, height: float, corner: float | None = None) -> str:
    """A rounded box around the origin."""
    r = height / 2 if corner is None else corner
    w, h = width / 2, height / 2
    return (
        f"M{-w + r:g} {-h:g}L{w - r:g} {-h:g}C{w - r * 0.45:g} {-h:g} {w:g} {-h + r * 0.45:g} {w:g} {-h + r:g}"
        f"L{w:g} {h - r:g}C{w:g} {h - r * 0.45:g} {w - r * 0.45:g} {h:g} {w - r:g} {h:g}"
        f"L{-w + r:g} {h:g}C{-w + r * 0.45:g} {h:g} {-w:g} {h - r * 0.45:g} {-w:g} {h - r:g}"
        f"L{-w:g} {-h + r:g}C{-w:g} {-h + r * 0.45:g} {-w + r * 0.45:g} {-h:g} {-w + r:g} {-h:g}Z"
    )


def single(sticker: Sticker, *, scale: float = 2.6) -> Thing:
    """One sticker, large."""
    body = placed(_cut(sticker), to=(600, 750), centre=(0, 0), scale=scale)
    return Thing(body, _grown(sticker.cut, scale), 0.45, (600, 750))


def sheet(stickers: tuple[tuple[Sticker, float, float, float], ...], title: Plate) -> Thing:
    """A backing sheet with stickers at (x, y, turn)."""
    paper = linear(
        ((0, "#ffffff", 1), (0.7, "#f6f3ec", 1), (1, "#e4dfd3", 1)), (204, 150, 996, 1350)
    )
    falls = "".join(
        placed(filled(s.cut, "#2b2018"), to=(x + 3, y + 5), centre=(0, 0), turn=turn)
        for s, x, y, turn in stickers
    )
    box = (200, 140, 800, 1220)
    soft = laid(coarse(blurred(5, f'<g opacity=".45">{falls}</g>', box), box), box)
    cuts = "".join(
        placed(_cut(s), to=(x, y), centre=(0, 0), turn=turn) for s, x, y, turn in stickers
    )
    hole = '<path d="M566 196h68a14 14 0 0 1 0 28h-68a14 14 0 0 1 0-28z" fill="#d8d0c2"/><path d="M566 196h68a14 14 0 0 1 11 6h-90a14 14 0 0 1 11-6z" fill="#8a7f70" fill-opacity=".5"/>'
    curl = filled(
        "M996 1190V1340C996 1346 992 1350 986 1350H840C910 1336 976 1280 996 1190Z",
        linear(
            ((0, "#6b5f50", 0.5), (0.25, "#efe9dc", 1), (1, "#ffffff", 1)), (906, 1256, 996, 1350)
        ),
    )
    return Thing(
        filled(SHEET, paper) + hole + title.pressed(at(600, 1296)) + soft + cuts + curl,
        SHEET,
        0.7,
        (600, 750),
    )


def peeled(sticker: Sticker, *, scale: float = 2.6) -> Thing:
    """The same sticker on its backing card, one end lifting."""
    card = "M250 330H950V1170H250Z"
    body = placed(_cut(sticker), to=(600, 750), centre=(0, 0), scale=scale * 0.86, turn=-8)
    box = (200, 300, 800, 900)
    fall = placed(
        filled(sticker.cut, "#2b2018"), to=(608, 766), centre=(0, 0), scale=scale * 0.86, turn=-8
    )
    soft = laid(coarse(blurred(10, f'<g opacity=".5">{fall}</g>', box), box), box)
    paper = linear(((0, "#ffffff", 1), (1, "#e6e0d3", 1)), (250, 330, 950, 1170))
    lines = drawn("".join(f"M250 {y}H950" for y in range(390, 1170, 60)), "#d9d2c4", 2)
    return Thing(filled(card, paper) + lines + soft + body, card, 0.8, (600, 750))


def _cut(sticker: Sticker) -> str:
    """White border, colour, print, and a gloss from the upper left."""
    gloss = linear(
        ((0, "#ffffff", 0.38), (0.35, "#ffffff", 0.06), (0.36, "#ffffff", 0), (1, "#1b1226", 0.12)),
        (-120, -80, 130, 90),
    )
    border = f'<path d="{sticker.cut}" fill="#fffdf8" stroke="#fffdf8" stroke-width="14" stroke-linejoin="round"/>'
    rim = f'<path d="{sticker.cut}" fill="none" stroke="{mix("#fffdf8", "#5a4c3e", 0.3)}" stroke-width="15.4" stroke-linejoin="round"/>'
    return (
        rim
        + border
        + filled(sticker.cut, sticker.colour)
        + clipped(sticker.plate.pressed(), sticker.cut)
        + filled(sticker.cut, gloss)
    )


def _grown(cut: str, scale: float) -> str:
    return shifted(cut, 600, 750, scale * 1.04)
