"""Gift sets: things in an open box with tissue paper, and the box closed with its band."""

from collections.abc import Sequence

from store.sandbox.catalogue.drawing.colours import INK, Cloth, mix
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.light import Box, blurred, coarse, laid, relief
from store.sandbox.catalogue.drawing.paper import Spot, Thing
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.sketch import clipped, drawn, filled, linear

OUTER = "M130 210H1070V1290H130Z"
INNER = "M164 244H1036V1256H164Z"
BOX: Box = (130, 210, 940, 1080)


def open_box(card: str, tissue: str, spots: Sequence[Spot]) -> Thing:
    """The box from above."""
    wall = linear(
        ((0, mix(card, "#ffffff", 0.22), 1), (1, mix(card, "#120a0c", 0.25), 1)),
        (130, 210, 1070, 1290),
    )
    floor = filled(INNER, mix(card, "#120a0c", 0.35)) + _tissue(tissue)
    inside = "".join(_with_shadow(spot) for spot in spots)
    return Thing(
        filled(OUTER, wall)
        + clipped(floor + inside, INNER)
        + clipped(_depth(), INNER)
        + drawn(INNER, "#120a0c", 3, 0.35)
        + drawn("M132 1288V212H1068", "#ffffff", 3, 0.35),
        OUTER,
        1.6,
        (600, 750),
    )


def closed_box(card: str, band: str, plate: Plate) -> Thing:
    """The lid on, a printed band around it; the plate's origin is the middle of the band."""
    lid = linear(
        ((0, mix(card, "#ffffff", 0.20), 1), (0.5, card, 1), (1, mix(card, "#120a0c", 0.22), 1)),
        (130, 210, 1070, 1290),
    )
    paper = linear(
        ((0, mix(band, "#ffffff", 0.25), 1), (0.5, band, 1), (1, mix(band, "#120a0c", 0.18), 1)),
        (130, 560, 1070, 940),
    )
    shadow = laid(
        coarse(
            blurred(8, '<path d="M130 568H1078V952H130Z" fill="#120a0c" fill-opacity=".4"/>', BOX),
            BOX,
        ),
        BOX,
    )
    rim = drawn("M132 1288V212H1068", "#ffffff", 3, 0.4) + drawn(
        "M1068 212V1288H132", "#120a0c", 4, 0.3
    )
    return Thing(
        filled(OUTER, lid)
        + rim
        + shadow
        + filled("M128 560H1072V940H128Z", paper)
        + plate.pressed(at(600, 750))
        + _knot(),
        OUTER,
        1.6,
        (600, 750),
    )


def band_plate(title: str, line: str, ink: str = INK) -> Plate:
    """What is printed on the band."""
    plate = Plate()
    plate.type(
        "GAY NATION  ·  SPECIAL EDITION", Face.SANS_BOLD, (0, -122), ink=ink, size=30, tracking=140
    )
    plate.rule(-400, -96, 800, 3, ink)
    plate.rule(-400, -88, 800, 9, ink)
    width = 760 if len(title) > 9 else 560
    size = plate.type(title, Face.SERIF_BLACK, (0, 36), ink=ink, width=width)
    del size
    plate.type(line, Face.BOOK_ITALIC, (0, 108), ink=ink, size=42)
    plate.rule(-400, 140, 800, 3, ink)
    return plate


def _with_shadow(spot: Spot) -> str:
    path = spot.moved(f'<path d="{spot.thing.outline}" fill="#170d12"/>')
    fall = f'<g transform="translate(10 16)" opacity=".5">{path}</g>'
    reach = round(560 * spot.scale)
    near: Box = (
        round(spot.to[0]) - reach,
        round(spot.to[1]) - round(reach * 1.25),
        2 * reach,
        round(reach * 2.5),
    )
    return laid(coarse(blurred(12, fall, near), near), near) + spot.moved(spot.thing.markup)


def _depth() -> str:
    """The walls' shadow on what lies inside: from the left and the top."""
    left = linear(((0, "#120a0c", 0.5), (1, "#120a0c", 0)), (164, 0, 232, 0))
    top = linear(((0, "#120a0c", 0.5), (1, "#120a0c", 0)), (0, 244, 0, 316))
    return filled("M164 244H240V1256H164Z", left) + filled("M164 244H1036V320H164Z", top)


_FACETS = (
    "M164 244L420 300L300 520L164 460Z",
    "M700 480L960 520L1036 700L640 800Z",
    "M260 840L640 800L720 1256H380Z",
    "M760 244H1036L960 520L700 480Z",
)


def _tissue(colour: str) -> str:
    """Paper that was crumpled once: soft dents, a few sharp creases."""
    dents = relief(
        (), Cloth("tissue", colour), BOX, crumple=0.75, seed=5, grain="0.007 0.005", strength=0.34
    )
    facets = "".join(filled(path, "#ffffff", 0.16) for path in _FACETS[:2])
    facets += "".join(filled(path, mix(colour, "#2a1a22", 0.5), 0.07) for path in _FACETS[2:])
    creases = drawn("".join(_FACETS), "#ffffff", 2.5, 0.5)
    return filled(INNER, colour) + dents + facets + creases


def _knot() -> str:
    """Newsroom string, tied once."""
    string = "M600 210V560M600 940V1290"
    return (
        drawn(string, "#120a0c", 9, 0.25).replace("<path", '<path transform="translate(5 4)"')
        + drawn(string, "#e9dcc0", 8)
        + drawn(string, "#8b7851", 8, 0.5, "3 6")
    )
