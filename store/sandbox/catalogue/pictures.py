"""Pictures of products: a front for every colour, then a nearer or another view."""

from collections.abc import Callable, Sequence
from functools import partial

from store.sandbox.catalogue.drawing import framed, mug, tote
from store.sandbox.catalogue.drawing.colours import Cloth, Hue
from store.sandbox.catalogue.drawing.paper import Thing, close_up, portrait
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.dyes import Dye
from store.sandbox.catalogue.records import DemoPicture

Design = Callable[[Dye], Plate]
Draw = Callable[[], Thing]


def one(
    handle: str, view: str, alt: str, svg: Callable[[], str], value: str | None = None
) -> DemoPicture:
    return DemoPicture(f"{handle}-{view}", alt, value, svg)


def slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def lying(hue: Hue, draw: Draw, *, scale: float = 1.0, turn: float = 0.0) -> Callable[[], str]:
    """A portrait, drawn when it is asked for."""
    return lambda: portrait(hue, draw(), scale=scale, turn=turn)


def near(
    hue: Hue, draw: Draw, focus: tuple[float, float], *, scale: float = 2.0, turn: float = -7.0
) -> Callable[[], str]:
    return lambda: close_up(hue, draw(), focus, scale=scale, turn=turn)


def totes(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    straps: Sequence[Cloth] | None = None,
) -> tuple[DemoPicture, ...]:
    bands = straps or [dye.cloth for dye in dyes]
    single = len(dyes) == 1

    def flat(dye: Dye, band: Cloth) -> Thing:
        return tote.tote(dye.cloth, design(dye), strap=band)

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} canvas tote laid flat, {shown}",
            lying(hue, partial(flat, dye, band), scale=1.08),
            None if single else dye.name,
        )
        for dye, band in zip(dyes, bands, strict=True)
    ]
    hung = one(
        handle,
        "peg",
        f"{dyes[-1].name} canvas tote hanging from a wooden peg",
        lying(
            hue,
            lambda: tote.tote_on_peg(dyes[-1].cloth, design(dyes[-1]), strap=bands[-1]),
            scale=1.04,
        ),
    )
    closer = one(
        handle,
        "detail",
        f"Canvas weave and stitched strap of the {dyes[0].name.lower()} tote, seen close",
        near(hue, partial(flat, dyes[0], bands[0]), (560, 760), scale=2.0, turn=5),
    )
    return (*fronts, hung, closer)


def mugs(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    insides: Sequence[str],
    rim: str | None = None,
) -> tuple[DemoPicture, ...]:
    single = len(dyes) == 1

    def draw(dye: Dye, inside: str, *, turned: bool = False) -> Thing:
        return mug.mug(
            dye.base,
            design(dye),
            inside=inside,
            rim=rim,
            turn=-0.42 if turned else 0.0,
            left_handed=turned,
        )

    fronts = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} mug with its handle to the right, {shown}",
            lying(hue, partial(draw, dye, inside), scale=1.2),
            None if single else dye.name,
        )
        for dye, inside in zip(dyes, insides, strict=True)
    ]
    other = one(
        handle,
        "left",
        f"{dyes[-1].name} mug turned for the left hand",
        lying(hue, partial(draw, dyes[-1], insides[-1], turned=True), scale=1.2),
    )
    return (*fronts, other)


def wall_prints(
    handle: str, hue: Hue, plate: Callable[[], Plate], shown: str, focus: tuple[float, float]
) -> tuple[DemoPicture, ...]:
    frames = [
        one(
            handle,
            wood,
            f"Framed print in {name}, {shown}",
            lying(hue, partial(_framed, plate, wood)),
            value,
        )
        for wood, name, value in (
            ("oak", "an oak frame", "Oak frame"),
            ("black", "a black frame", "Black frame"),
        )
    ]
    bare = one(
        handle,
        "sheet",
        f"The unframed sheet on a bulldog clip, {shown}",
        lying(hue, lambda: framed.sheet(plate())),
        "Unframed",
    )
    closer = one(
        handle,
        "detail",
        f"Corner of the oak frame and mat around the print, {shown}",
        near(hue, partial(_framed, plate, "oak"), focus, scale=2.2, turn=0),
    )
    return (*frames, bare, closer)


def _framed(plate: Callable[[], Plate], wood: str) -> Thing:
    return framed.framed(plate(), wood)
