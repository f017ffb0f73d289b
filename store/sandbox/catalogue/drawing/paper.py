"""The sheet everything lies on, and how things are laid on it: alone, close up, or as a group."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.sandbox.catalogue.drawing.colours import PAPER, Hue, mix, scaled
from store.sandbox.catalogue.drawing.light import Box, blurred, coarse, laid
from store.sandbox.catalogue.drawing.sketch import HEIGHT, WIDTH, document, placed, radial

SHEET: Box = (0, 0, WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class Thing:
    """A drawn object: its markup, the outline that throws its shadow, and how far it stands off the paper."""

    markup: str
    outline: str
    rise: float = 1.0
    centre: tuple[float, float] = (600, 750)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a thing comes to lie."""

    thing: Thing
    to: tuple[float, float] = (600, 750)
    turn: float = 0.0
    scale: float = 1.0

    def moved(self, markup: str) -> str:
        return placed(
            markup, to=self.to, centre=self.thing.centre, turn=self.turn, scale=self.scale
        )


def portrait(
    hue: Hue,
    thing: Thing,
    *,
    turn: float = 0.0,
    scale: float = 1.0,
    to: tuple[float, float] = (600, 750),
) -> str:
    """One thing on its sheet."""
    return lay(hue, [Spot(thing, to, turn, scale)])


def close_up(
    hue: Hue, thing: Thing, focus: tuple[float, float], *, scale: float = 2.1, turn: float = -7.0
) -> str:
    """The same thing seen from nearer, around `focus`."""
    near = Thing(thing.markup, thing.outline, thing.rise, focus)
    return lay(hue, [Spot(near, (600, 750), turn, scale)])


def lay(hue: Hue, spots: Sequence[Spot], *, size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
    """Several things, later ones over earlier ones, each with its shadow."""
    box: Box = (0, 0, *size)
    first, *rest = [_shadow(spot, shadow_tint(hue), box) for spot in spots]
    parts = [
        laid(coarse(backdrop(hue, size) + first, box), box),
        spots[0].moved(spots[0].thing.markup),
    ]
    for spot, fall in zip(spots[1:], rest, strict=True):
        parts += [laid(coarse(fall, box), box), spot.moved(spot.thing.markup)]
    return document("".join(parts), size=size)


def backdrop(hue: Hue, size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
    """Covers the whole sheet: tinted paper, lit from the upper left."""
    w, h = size
    dusk, lamp = shadow_tint(hue), "#fffaf0"
    pool = radial(((0, lamp, 0.8), (0.55, lamp, 0.24), (1, lamp, 0)), (w * 0.3, h * 0.24), w * 0.95)
    fall = radial(
        ((0, dusk, 0), (0.6, dusk, 0.02), (1, dusk, 0.26)), (w * 0.36, h * 0.32), max(w, h)
    )
    return "".join(
        f'<rect width="{w}" height="{h}" fill="{paint}"/>' for paint in (PAPER[hue], pool, fall)
    )


def shadow_tint(hue: Hue) -> str:
    """Shadows keep the paper's colour."""
    return mix(scaled(PAPER[hue], 0.42), "#2a1a2e", 0.35)


def _shadow(spot: Spot, tint: str, box: Box) -> str:
    """A wide fall to the lower right and a dark line of contact, in the sheet's directions."""
    reach = spot.thing.rise * spot.scale
    path = spot.moved(f'<path d="{spot.thing.outline}" fill="{tint}"/>')
    wide = f'<g transform="translate({24 * reach:g} {38 * reach:g})" opacity=".42">{path}</g>'
    close = f'<g transform="translate({5 * reach:g} {9 * reach:g})" opacity=".55">{path}</g>'
    return blurred(34 * reach, wide, box) + blurred(8 * reach, close, box)
