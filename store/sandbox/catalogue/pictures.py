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


def fronts(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    alt: str,
    draw: Callable[[Dye], Thing],
    *,
    scale: float,
) -> list[DemoPicture]:
    """A picture for every colour; where there is but one, it stands for no choice."""
    return [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} {alt}",
            lying(hue, partial(draw, dye), scale=scale),
            dye.name if len(dyes) > 1 else None,
        )
        for dye in dyes
    ]


def totes(
    handle: str,
    hue: Hue,
    dyes: Sequence[Dye],
    design: Design,
    shown: str,
    *,
    straps: Sequence[Cloth] = (),
) -> tuple[DemoPicture, ...]:
    bands = {dye.name: dye.cloth for dye in dyes}
    bands |= {dye.name: strap for dye, strap in zip(dyes, straps, strict=False)}

    def flat(dye: Dye) -> Thing:
        return tote.tote(dye.cloth, design(dye), strap=bands[dye.name])

    def hung(dye: Dye) -> Thing:
        return tote.tote_on_peg(dye.cloth, design(dye), strap=bands[dye.name])

    first, last = dyes[0], dyes[-1]
    on_peg = f"{last.name} canvas tote hanging from a wooden peg"
    closer = f"Canvas weave and stitched strap of the {first.name.lower()} tote, seen close"
    return (
        *fronts(handle, hue, dyes, f"canvas tote laid flat, {shown}", flat, scale=1.08),
        one(handle, "peg", on_peg, lying(hue, partial(hung, last), scale=1.04)),
        one(handle, "detail", closer, near(hue, partial(flat, first), (560, 760), turn=5)),
    )


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
    glazes = {dye.name: inside for dye, inside in zip(dyes, insides, strict=True)}

    def right(dye: Dye) -> Thing:
        return mug.mug(dye.base, design(dye), inside=glazes[dye.name], rim=rim)

    def left(dye: Dye) -> Thing:
        inside = glazes[dye.name]
        return mug.mug(dye.base, design(dye), inside=inside, rim=rim, turn=-0.42, left_handed=True)

    other = f"{dyes[-1].name} mug turned for the left hand"
    return (
        *fronts(handle, hue, dyes, f"mug with its handle to the right, {shown}", right, scale=1.2),
        one(handle, "left", other, lying(hue, partial(left, dyes[-1]), scale=1.2)),
    )


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
